import { OutboardError } from "../../workers/errors.ts";
import { Discovery } from "../launch/discovery.ts";
import { parseFlags } from "../launch/flags.ts";
import { operationsFolders } from "../launch/operations_folders.ts";
import { type Ready, type ServerProcess, startServerProcess } from "../launch/server_process.ts";
import { stateFolder } from "../launch/state_folder.ts";
import type { LogEvent } from "../log.ts";
import { userPath } from "./arguments.ts";
import { Connection } from "./connection.ts";

const HOST = "127.0.0.1";

/** A server of a command's own. */
export interface OwnServer {
  connection: Connection;
  /** Its lock file, which takes in what operations import. */
  lock: string;
  /** Ends it at once, and with it whatever runs. */
  kill(): void;
  /** Lets it finish, and removes what it leaves. */
  stop(): Promise<void>;
}

export interface OwnServerOptions {
  /** Folders beside ours and the user's, as the user typed them. */
  operations: readonly string[];
  /** What operations may do, as the flags of `deno task serve` have it. */
  allowNet?: readonly string[];
  allowRead?: readonly string[];
  onEvent: (event: LogEvent) => void;
}

const env = (name: string): string | undefined => Deno.env.get(name);

/** All folders that a server would look into. @throws {FlagError} When one is no folder */
export async function foldersOf(operations: readonly string[]): Promise<string[]> {
  return await operationsFolders(env, operations.map(userPath));
}

/**
 * Starts a server process on a free port, held to the least permissions, with the same limits as `deno task serve` has.
 * Nobody else finds it: it is in no discovery file.
 *
 * @throws {FlagError} When a folder, host or path cannot be used
 * @throws {OutboardError} When the process ends instead of listening
 */
export async function startOwnServer(
  { operations: more, allowNet = [], allowRead = [], onEvent }: OwnServerOptions,
): Promise<OwnServer> {
  const operations = await foldersOf(more);
  const granted = [
    ...allowNet.map((host) => `--allow-net=${host}`),
    ...allowRead.map((path) => `--allow-read=${userPath(path)}`),
  ];
  const flags = parseFlags(granted, navigator.hardwareConcurrency);
  const discovery = new Discovery(stateFolder(env, Deno.build.os));
  const lock = await discovery.lockOf(Deno.pid);
  const token = crypto.randomUUID();
  const { threads, maxArrayMib, jobTimeoutSeconds } = flags;
  const ready = Promise.withResolvers<Ready>();
  const server = startServerProcess(
    { host: HOST, ports: [0], token, threads, maxArrayMib, jobTimeoutSeconds, operations },
    { ...flags, host: HOST, ports: [0], operations, lock },
    { ready: ready.resolve, event: onEvent },
  );
  const ended = server.ended.finally(() => discovery.remove(Deno.pid));
  try {
    const { url } = await Promise.race([ready.promise, ended.then(refuse)]);
    const connection = await Connection.open(url, token);
    return { connection, lock, kill: server.kill, stop: () => stop(server, connection, ended) };
  } catch (error) {
    server.kill();
    await ended;
    throw error;
  }
}

function refuse(code: number): never {
  throw new OutboardError(
    "INTERNAL",
    `Cannot start a server: its process ended with exit code ${code}`,
  );
}

async function stop(
  server: ServerProcess,
  connection: Connection,
  ended: Promise<number>,
): Promise<void> {
  await connection.close();
  server.stop();
  await ended;
}
