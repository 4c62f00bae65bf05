import { join } from "node:path";
import { runCommand } from "./command.ts";

/** A virtual environment with what the Python tests need. */
export interface PythonEnvironment {
  python: string;
  /** Whether Blender is in it as a module. */
  hasBlender: boolean;
}

const OLDEST = [3, 11] as const;
/** The one version that the wheel of Blender 4.5 LTS is made for. */
const BLENDER_VERSION = "3.11";
const CANDIDATES = ["python3.11", "python3", "python"];

async function versionOf(python: string): Promise<string | undefined> {
  const script = "import sys; print('%d.%d' % sys.version_info[:2])";
  const { code, text } = await runCommand(python, ["-c", script], { quiet: true });
  return code === 0 ? text.trim() : undefined;
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major === OLDEST[0] && minor >= OLDEST[1];
}

async function findPython(): Promise<{ python: string; version: string } | undefined> {
  const asked = Deno.env.get("OUTBOARD_PYTHON");
  for (const python of asked === undefined ? CANDIDATES : [asked]) {
    const version = await versionOf(python);
    if (version !== undefined && isRecent(version)) return { python, version };
  }
  return undefined;
}

/** Makes the environment in `folder`, or takes the one that stands there if it was made from the same requirements. */
export async function preparePython(
  folder: string,
  requirements: string,
): Promise<PythonEnvironment | string> {
  const found = await findPython();
  if (found === undefined) {
    return `no Python ${
      OLDEST.join(".")
    } or newer was found; install one, or name it in OUTBOARD_PYTHON`;
  }
  const bin = Deno.build.os === "windows" ? "Scripts" : "bin";
  const python = join(folder, bin, "python");
  const environment = { python, hasBlender: found.version === BLENDER_VERSION };
  const wanted = `${found.version}\n${await Deno.readTextFile(requirements)}`;
  const marker = join(folder, ".outboard-requirements");
  if (await Deno.readTextFile(marker).catch(() => undefined) === wanted) return environment;
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  const steps: [string, string[]][] = [
    [found.python, ["-m", "venv", folder]],
    [python, ["-m", "pip", "install", "--quiet", "--no-input", "-r", requirements]],
  ];
  for (const [program, args] of steps) {
    const { code, text } = await runCommand(program, args, { quiet: true });
    if (code !== 0) return `'${program} ${args.join(" ")}' failed: ${text.trim().slice(-600)}`;
  }
  await Deno.writeTextFile(marker, wanted);
  return environment;
}
