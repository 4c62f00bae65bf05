import { fileURLToPath } from "node:url";
import { join, resolve } from "node:path";
import { FlagError } from "./flags.ts";
import { configureFolder } from "./folder_config.ts";

/** Ours. */
const OWN = fileURLToPath(new URL("../../workers/operations", import.meta.url));

/** The user's own folder of operations: in the state folder if one was named, else where they will find it. */
export function userOperations(env: (name: string) => string | undefined): string {
  const named = env("OUTBOARD_HOME");
  if (named) return join(named, "operations");
  return join(env("HOME") ?? env("USERPROFILE") ?? ".", "Outboard", "operations");
}

/**
 * All operations folders, ours first. The user's is made, with what an editor needs to know there, so that a file can be
 * saved into it at any time.
 *
 * @throws {FlagError} When one that was given is no folder
 */
export async function operationsFolders(
  env: (name: string) => string | undefined,
  more: readonly string[],
): Promise<string[]> {
  const own = userOperations(env);
  await Deno.mkdir(own, { recursive: true });
  await configureFolder(own);
  // A task runs in the project's folder; the user means paths as seen from where they stand.
  const given = more.map((folder) => resolve(env("INIT_CWD") ?? "", folder));
  for (const folder of given) {
    const info = await Deno.stat(folder).catch(() => undefined);
    if (!info?.isDirectory) {
      throw new FlagError(`Cannot use --operations: wanted a folder, got '${folder}'`);
    }
  }
  return [OWN, own, ...given];
}
