import { dirname, join } from "node:path";
import { runCommand } from "../setup/command.ts";
import { ROOT } from "./stage.ts";

/** A Blender with a profile of its own and the extension installed from the zip. */
export interface InstalledBlender {
  program: string;
  env: Record<string, string>;
}

async function must(program: string, args: readonly string[], env: Record<string, string> = {}) {
  const { code, text } = await runCommand(program, args, { cwd: ROOT, env, quiet: true });
  if (code !== 0) throw new Error(`'${program} ${args.join(" ")}' failed: ${text.slice(-2000)}`);
  return text;
}

/** Builds the extension. @returns The zip's path */
export async function buildExtension(python: string): Promise<string> {
  const text = await must(python, [join(ROOT, "addon", "build.py")]);
  return text.trim().split("\n").at(-1) ?? "";
}

/** Installs the extension as a user would from disk, into a profile in `folder`. */
export async function installExtension(
  program: string,
  { python, folder, home }: { python: string; folder: string; home: string },
): Promise<InstalledBlender> {
  const env = {
    BLENDER_USER_RESOURCES: join(folder, "profile"),
    // For a Blender in a container of its own: it must see what lies in folders for a while.
    BLENDER_BIND: `${ROOT}:${dirname(folder)}`,
    OUTBOARD_HOME: home,
    LIBGL_ALWAYS_SOFTWARE: "1",
  };
  const install = ["--command", "extension", "install-file", "-r", "user_default", "--enable"];
  await must(program, [...install, await buildExtension(python)], env);
  return { program, env };
}
