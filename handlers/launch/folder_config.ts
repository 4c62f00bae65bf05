import { join } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };

const ROOT = new URL("../../", import.meta.url);

/** What an operation and its test draw in, themselves or through ours. */
const IMPORTED = ["outboard", "outboard/testing", "zod", "ndarray", "@types/ndarray"] as const;
/** What an author does from where the operations are. */
const TASKS = ["new", "try", "check", "serve"] as const;

export const CONFIG_FILE = "deno.json";

/**
 * What an editor, `deno check`, `deno test` and `deno task` need to know in a folder of operations: where `outboard` is.
 * The server does not read it.
 */
export function folderConfig(): string {
  const imports = Object.fromEntries(IMPORTED.map((name) => {
    const target = config.imports[name];
    return [name, target.startsWith("./") ? new URL(target, ROOT).href : target];
  }));
  const project = fileURLToPath(new URL(CONFIG_FILE, ROOT)).replaceAll("\\", "/");
  const tasks = Object.fromEntries(TASKS.map((name) => [name, {
    description: config.tasks[name].description,
    command: `deno task --quiet --config "${project}" ${name}`,
  }]));
  const { compilerOptions, fmt: { lineWidth } } = config;
  // The server reads no imports but its own: an author's packages are named where they are imported.
  const lint = { rules: { exclude: ["no-import-prefix"] } };
  const text = { imports, tasks, compilerOptions, fmt: { lineWidth }, lint, lock: false };
  return `${JSON.stringify(text, null, 2)}\n`;
}

/** Writes the configuration into `folder` where there is none. */
export async function configureFolder(folder: string): Promise<void> {
  try {
    await Deno.writeTextFile(join(folder, CONFIG_FILE), folderConfig(), { createNew: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}
