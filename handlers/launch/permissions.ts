import { fileURLToPath } from "node:url";

const WORKERS = fileURLToPath(new URL("../../workers/", import.meta.url));
export const SERVER = fileURLToPath(new URL("../server.ts", import.meta.url));

/** What operations of ours read at run time, by a package's own code: exactly this file. */
const MANIFOLD_WASM = fileURLToPath(import.meta.resolve("manifold-3d/manifold.wasm"));

/**
 * Room for new objects on the JavaScript heap of each thread, in MiB, of which V8 keeps two or three. Left to itself it
 * keeps more and more as jobs come. That costs memory, and caches: with little of it the server also starts sooner.
 */
const HEAP_FLAG = "--v8-flags=--max-semi-space-size=4";

/** `127.0.0.1:8470`, with brackets around an IPv6 address. */
function address(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** What the server process is started with. */
export interface Grants {
  host: string;
  ports: readonly number[];
  /** Operations folders. */
  operations: readonly string[];
  /** What the user lets operations do beside computing. */
  allowNet: readonly string[];
  allowRead: readonly string[];
  /** For the files of the same-host lane: all that it may write. */
  laneFolder?: string | undefined;
  /** The lock file for what operations import: ours, and what authors add. */
  lock: string;
}

/**
 * What the server process may do, and nothing else: listen on these ports, read the code of the workers and the
 * operations folders, use the folder of the lane, and what the user has granted by name. Deno itself holds it to that; there is no prompt and
 * never `-A`.
 */
export function serverArguments(grants: Grants): string[] {
  const { host, ports, operations, allowNet, allowRead, lock, laneFolder } = grants;
  const lane = laneFolder === undefined ? [] : [laneFolder];
  const net = [...ports.map((port) => address(host, port)), ...allowNet];
  const read = [WORKERS, MANIFOLD_WASM, ...operations, ...allowRead, ...lane];
  return [
    "run",
    "--no-prompt",
    "--quiet",
    // An author's packages are not in our lock file: they are added to a copy of it.
    `--lock=${lock}`,
    "--frozen=false",
    HEAP_FLAG,
    `--allow-net=${net.join(",")}`,
    `--allow-read=${read.join(",")}`,
    ...lane.map((folder) => `--allow-write=${folder}`),
    SERVER,
  ];
}
