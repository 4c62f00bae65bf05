import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { NAME } from "../../workers/catalogue.ts";
import { FlagError } from "../launch/flags.ts";
import { CONFIG_FILE, folderConfig } from "../launch/folder_config.ts";

const ROOT = new URL("../../", import.meta.url);
const TEMPLATE = new URL("./template/", import.meta.url);
const TEMPLATE_NAME = "ripple";
const TEMPLATE_TITLE = "Ripple";

/** @throws {FlagError} When no operation may be called `name` */
async function checkName(name: string): Promise<void> {
  if (!NAME.test(name)) {
    throw new FlagError(
      `Cannot name an operation '${name}': wanted small letters, digits and _, ` +
        "beginning with a letter, at most 48",
    );
  }
  if (name.endsWith("_test")) {
    throw new FlagError(`Cannot name an operation '${name}': files that end in _test are tests`);
  }
  const ours = new URL(`workers/operations/${name}.ts`, ROOT);
  if (await exists(fileURLToPath(ours))) {
    throw new FlagError(`Cannot name an operation '${name}': Outboard has one of that name`);
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** `smooth_mesh` as people write it: `Smooth mesh`. */
function titleOf(name: string): string {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

async function fromTemplate(file: string, name: string): Promise<string> {
  const text = await Deno.readTextFile(new URL(file, TEMPLATE));
  return text.replaceAll(`"${TEMPLATE_TITLE}"`, `"${titleOf(name)}"`)
    .replaceAll(TEMPLATE_NAME, name);
}

/** Why the `deno.json` that is there already does not do; nothing where it does. */
async function foreignConfig(file: string): Promise<string | undefined> {
  const wanted = (JSON.parse(folderConfig()) as { imports: Record<string, string> }).imports;
  const text = await Deno.readTextFile(file);
  if (Object.values(wanted).every((target) => text.includes(JSON.stringify(target)))) return;
  return `${file} is there already and was left as it is; for an editor and the tests its imports must have ` +
    JSON.stringify(wanted);
}

/** Whether `folder` lies in this checkout, whose own deno.json then counts. */
function isOurs(folder: string): boolean {
  const path = relative(fileURLToPath(ROOT), folder);
  return path === "" || !/^(\.\.|[A-Za-z]:|[\\/])/.test(path);
}

/**
 * Writes `NAME.ts`, `NAME_test.ts` and, where there is none, the `deno.json` that they need.
 *
 * @throws {FlagError} When the name cannot be used or a file is there already; then nothing is written
 */
export async function writeOperation(
  name: string,
  folder: string,
): Promise<{ warning?: string }> {
  await checkName(name);
  const files = [`${TEMPLATE_NAME}.ts`, `${TEMPLATE_NAME}_test.ts`].map((from) => ({
    from,
    to: join(folder, from.replace(TEMPLATE_NAME, name)),
  }));
  for (const { to } of files) {
    if (await exists(to)) throw new FlagError(`Cannot write ${to}: it is there already`);
  }
  await Deno.mkdir(folder, { recursive: true });
  const configFile = join(folder, CONFIG_FILE);
  let warning: string | undefined;
  if (await exists(configFile)) {
    warning = isOurs(folder) ? undefined : await foreignConfig(configFile);
  } else if (!isOurs(folder)) await Deno.writeTextFile(configFile, folderConfig());
  for (const { from, to } of files) {
    await Deno.writeTextFile(to, await fromTemplate(from, name), { createNew: true });
  }
  return warning === undefined ? {} : { warning };
}

/** A path as it is typed into a shell. */
function typed(path: string): string {
  return /[\s"'$&]/.test(path) ? JSON.stringify(path) : path;
}

/** What to do with a new operation, in three lines. */
export function nextSteps(name: string, folder: string, isElsewhere: boolean): string[] {
  const file = join(folder, `${name}.ts`);
  return [
    `Change it  ${file}${isElsewhere ? "" : "  (a running server takes it up at every save)"}`,
    `Try it     deno task try ${typed(file)} --input 'points=[[0,0,0],[1,0,0]]'`,
    `Test it    cd ${typed(folder)} && deno test ${name}_test.ts`,
  ];
}
