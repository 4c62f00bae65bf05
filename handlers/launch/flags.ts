import { LOG_LEVELS, type LogLevel } from "../log.ts";

export interface Flags {
  host: string;
  port: number;
  /** Whether the port was asked for: then no other will do. */
  portAsked: boolean;
  threads: number;
  maxArrayMib: number;
  jobTimeoutSeconds: number;
  logLevel: LogLevel;
  json: boolean;
  insecure: boolean;
  /** Whether clients on this machine may pass arrays by files. */
  lane: boolean;
  /** Operations folders beside the project's own and the user's. */
  operations: string[];
  /** What operations may do beside computing: hosts to talk to, files and folders to read. */
  allowNet: string[];
  allowRead: string[];
  version: boolean;
  help: boolean;
}

/** A flag that cannot be used; the message names the flag, what was wanted and what came. */
export class FlagError extends Error {
  override readonly name = "FlagError";
}

interface Flag {
  name: string;
  /** What its value is called in the help; a switch has none. */
  value?: string;
  /** How its default is spelled in the help. */
  default: string;
  help: string;
  set(flags: Flags, value: string): void;
}

function integer(name: string, value: string, min: number, max: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : NaN;
  if (number >= min && number <= max) return number;
  throw new FlagError(
    `Cannot use --${name}: wanted a whole number from ${min} to ${max}, got '${value}'`,
  );
}

function positive(name: string, value: string, max: number): number {
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : NaN;
  if (number > 0 && number <= max) return number;
  throw new FlagError(
    `Cannot use --${name}: wanted a number above 0, up to ${max}, got '${value}'`,
  );
}

/** Deno takes several paths in one argument, with commas between them. */
function path(name: string, value: string): string {
  if (value !== "" && !value.includes(",")) return value;
  throw new FlagError(`Cannot use --${name}: wanted a path without commas, got '${value}'`);
}

const MAX_THREADS = 256;
const MAX_ARRAY_MIB = 4096;
const MAX_TIMEOUT_SECONDS = 86_400;
const WILDCARDS = ["0.0.0.0", "::", "*", ""];
const HOST = /^[0-9A-Za-z.:-]+$/;

/** Every flag of `deno task serve`, in the order of the help. */
export const FLAGS: readonly Flag[] = [
  {
    name: "host",
    value: "ADDRESS",
    default: "127.0.0.1",
    help: "Address to listen on; any but this machine's loopback needs --insecure",
    set(flags, value) {
      if (WILDCARDS.includes(value) || !HOST.test(value)) {
        throw new FlagError(
          `Cannot use --host: wanted one address of this machine, such as 127.0.0.1, got '${value}'`,
        );
      }
      flags.host = value;
    },
  },
  {
    name: "port",
    value: "PORT",
    default: "8470, or the next free one",
    help: "Port to listen on; 0 takes any free one",
    set(flags, value) {
      flags.port = integer("port", value, 0, 65_535);
      flags.portAsked = true;
    },
  },
  {
    name: "threads",
    value: "N",
    default: "number of cores",
    help: "Worker threads",
    set(flags, value) {
      flags.threads = integer("threads", value, 1, MAX_THREADS);
    },
  },
  {
    name: "max-array-mib",
    value: "MIB",
    default: "256",
    help: "Largest array a client may send or get, in MiB",
    set(flags, value) {
      flags.maxArrayMib = integer("max-array-mib", value, 1, MAX_ARRAY_MIB);
    },
  },
  {
    name: "job-timeout",
    value: "SECONDS",
    default: "300",
    help: "How long a job may run before it is stopped",
    set(flags, value) {
      flags.jobTimeoutSeconds = positive("job-timeout", value, MAX_TIMEOUT_SECONDS);
    },
  },
  {
    name: "log-level",
    value: "LEVEL",
    default: "info",
    help: `Least important events to show: ${LOG_LEVELS.join(", ")}`,
    set(flags, value) {
      const level = LOG_LEVELS.find((known) => known === value);
      if (level === undefined) {
        throw new FlagError(
          `Cannot use --log-level: wanted one of ${LOG_LEVELS.join(", ")}, got '${value}'`,
        );
      }
      flags.logLevel = level;
    },
  },
  {
    name: "json",
    default: "off",
    help: "Write events as lines of JSON instead of text",
    set: (flags) => flags.json = true,
  },
  {
    name: "insecure",
    default: "off",
    help: "Allow --host to be an address that other machines reach, without encryption",
    set: (flags) => flags.insecure = true,
  },
  {
    name: "no-lane",
    default: "off",
    help: "Make no folder for arrays of clients on this machine: all of them go by the socket",
    set: (flags) => flags.lane = false,
  },
  {
    name: "operations",
    value: "DIR",
    default: "none",
    help: "One more folder of operations; may be given several times",
    set: (flags, value) => flags.operations.push(path("operations", value)),
  },
  {
    name: "allow-net",
    value: "HOST",
    default: "none",
    help: "Let operations talk to this host; may be given several times",
    set(flags, value) {
      if (!HOST.test(value)) {
        throw new FlagError(`Cannot use --allow-net: wanted a host, got '${value}'`);
      }
      flags.allowNet.push(value);
    },
  },
  {
    name: "allow-read",
    value: "PATH",
    default: "none",
    help: "Let operations read this file or folder; may be given several times",
    set: (flags, value) => flags.allowRead.push(path("allow-read", value)),
  },
  {
    name: "version",
    default: "off",
    help: "Print the version and exit",
    set: (flags) => flags.version = true,
  },
  {
    name: "help",
    default: "off",
    help: "Print this and exit",
    set: (flags) => flags.help = true,
  },
];

export function isLoopback(host: string): boolean {
  return /^127(\.\d{1,3}){3}$/.test(host) || host === "::1" || host === "localhost";
}

/** Reads the command line. @throws {FlagError} When a flag is unknown or its value cannot be used */
export function parseFlags(args: readonly string[], cores: number): Flags {
  const flags: Flags = {
    host: "127.0.0.1",
    port: 8470,
    portAsked: false,
    threads: cores,
    maxArrayMib: 256,
    jobTimeoutSeconds: 300,
    logLevel: "info",
    json: false,
    insecure: false,
    lane: true,
    operations: [],
    allowNet: [],
    allowRead: [],
    version: false,
    help: false,
  };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [, name, inline] = arg.match(/^--([^=]+)(?:=(.*))?$/s) ?? [];
    const flag = FLAGS.find((known) => known.name === name);
    if (flag === undefined) {
      const known = FLAGS.map((each) => `--${each.name}`).join(", ");
      throw new FlagError(`Cannot use '${arg}': wanted one of ${known}`);
    }
    if (flag.value === undefined && inline !== undefined) {
      throw new FlagError(`Cannot use --${flag.name}: wanted no value, got '${inline}'`);
    }
    const value = flag.value === undefined ? "" : inline ?? rest.shift();
    if (value === undefined || (inline === undefined && value.startsWith("--"))) {
      throw new FlagError(`Cannot use --${flag.name}: wanted ${flag.value}, got nothing`);
    }
    flag.set(flags, value);
  }
  if (!isLoopback(flags.host) && !flags.insecure) {
    throw new FlagError(
      `Cannot use --host ${flags.host}: other machines could read and write everything sent, because nothing is ` +
        "encrypted; wanted an address of this machine's loopback, or --insecure to do it all the same",
    );
  }
  return flags;
}

/** The text of `--help`. */
export function helpText(): string {
  const usage = FLAGS.map(({ name, value }) =>
    `--${name}${value === undefined ? "" : ` ${value}`}`
  );
  const width = Math.max(...usage.map((text) => text.length)) + 2;
  const lines = FLAGS.map(({ help, default: by }, index) =>
    `  ${usage[index]?.padEnd(width)}${help} (default: ${by})`
  );
  return `Usage: deno task serve [FLAGS]

Runs numeric jobs for Blender on worker threads.

${lines.join("\n")}

Your own operations are read from the folder Outboard/operations of your home folder. The discovery file, by which
clients find the server, goes to the platform's usual place for state. Where OUTBOARD_HOME names a folder, both are in
that one.
`;
}
