import { resolve } from "node:path";
import { FlagError } from "../launch/flags.ts";

/** What a command takes: words in their order, then flags that have a value each. */
export interface Usage {
  command: string;
  /** `["NAME"]` */
  words: readonly string[];
  /** What each flag's value is called: `{ dir: "DIR" }`. */
  flags: Readonly<Record<string, string>>;
  help: string;
}

export interface Arguments {
  words: string[];
  /** Each flag's values in the order in which they came. */
  flags: Record<string, string[]>;
  help: boolean;
}

/** `deno task new NAME [--dir DIR]` */
export function usageLine({ command, words, flags }: Usage): string {
  const optional = Object.entries(flags).map(([name, value]) => `[--${name} ${value}]`);
  return ["deno task", command, ...words, ...optional].join(" ");
}

/** Takes a command line apart. @throws {FlagError} When a word is missing or one is not known */
export function parseArguments(args: readonly string[], usage: Usage): Arguments {
  const flags: Arguments["flags"] = {};
  const words: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "--help" || arg === "-h") return { words, flags, help: true };
    const [, name, inline] = arg.match(/^--([^=]+)(?:=(.*))?$/s) ?? [];
    if (name === undefined && !arg.startsWith("-") && words.length < usage.words.length) {
      words.push(arg);
      continue;
    }
    const wanted = name === undefined ? undefined : usage.flags[name];
    if (name === undefined || wanted === undefined) {
      throw new FlagError(`Cannot use '${arg}': wanted ${usageLine(usage)}`);
    }
    const value = inline ?? rest.shift();
    if (value === undefined || (inline === undefined && value.startsWith("--"))) {
      throw new FlagError(`Cannot use --${name}: wanted ${wanted}, got nothing`);
    }
    (flags[name] ??= []).push(value);
  }
  if (words.length < usage.words.length) {
    const missing = usage.words.slice(words.length).join(" ");
    throw new FlagError(
      `Cannot run deno task ${usage.command}: wanted ${usageLine(usage)}, got no ${missing}`,
    );
  }
  return { words, flags, help: false };
}

/**
 * A path as the user means it: `deno task` runs elsewhere than where the user stands, and no shell sees the `~` in
 * `points=~/mesh.obj`.
 */
export function userPath(path: string): string {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE");
  const full = home === undefined ? path : path.replace(/^~(?=[\\/])/, home);
  return resolve(Deno.env.get("INIT_CWD") ?? "", full);
}
