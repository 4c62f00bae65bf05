import { join } from "node:path";

/** Where the state folder is: `$OUTBOARD_HOME`, else the platform's usual place. addon/bridge/discovery.py agrees. */
export function stateFolder(
  env: (name: string) => string | undefined,
  os: typeof Deno.build.os,
): string {
  const own = env("OUTBOARD_HOME");
  if (own) return own;
  const home = env("HOME") ?? env("USERPROFILE") ?? ".";
  if (os === "windows") {
    return join(env("LOCALAPPDATA") ?? join(home, "AppData", "Local"), "Outboard");
  }
  if (os === "darwin") return join(home, "Library", "Application Support", "Outboard");
  return join(env("XDG_STATE_HOME") || join(home, ".local", "state"), "outboard");
}

const ONLY_THE_USER = 0o700;

/** Makes a folder that only the user may enter; one that stands already is closed to others. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true, mode: ONLY_THE_USER });
  if (Deno.build.os !== "windows") await Deno.chmod(folder, ONLY_THE_USER);
}
