import { fileURLToPath } from "node:url";

const WORKERS = fileURLToPath(new URL("../../workers/", import.meta.url));
export const SERVER = fileURLToPath(new URL("../server.ts", import.meta.url));

/** `127.0.0.1:8470`, with brackets around an IPv6 address. */
function address(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/**
 * What the server process may do, and nothing else: listen on these ports and read the code of the workers. Deno
 * itself holds it to that; there is no prompt and never `-A`.
 */
export function serverArguments(host: string, ports: readonly number[]): string[] {
  return [
    "run",
    "--no-prompt",
    "--quiet",
    `--allow-net=${ports.map((port) => address(host, port)).join(",")}`,
    `--allow-read=${WORKERS}`,
    SERVER,
  ];
}
