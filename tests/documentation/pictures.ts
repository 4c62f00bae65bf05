/**
 * `deno task pictures [NAME...]`: makes the pictures of operations anew, all or those that are named, in the Blender
 * that OUTBOARD_BLENDER names.
 */
import { fileURLToPath } from "node:url";
import { ownEntries } from "./own_entries.ts";
import { fingerprint, PICTURES, readMade, writeMade } from "./pictures_made.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PYTEST = ["-m", "pytest", "-q", "-c", "tests/pytest.ini", "tests/gui/pictures"];

if (import.meta.main) {
  const entries = await ownEntries();
  const unknown = Deno.args.filter((name) => !entries.some((entry) => entry.name === name));
  if (unknown.length > 0) throw new RangeError(`Cannot show ${unknown}: no such operation`);
  const wanted = entries.filter(({ name }) => Deno.args.length === 0 || Deno.args.includes(name));
  const { code } = await new Deno.Command(".venv/bin/python", {
    args: PYTEST,
    cwd: ROOT,
    env: {
      CI: "true", // Where there is no Blender, that is a failure.
      OUTBOARD_DENO: Deno.execPath(),
      OUTBOARD_PICTURES: fileURLToPath(PICTURES),
      OUTBOARD_PICTURES_OF: wanted.map(({ name }) => name).join(" "),
    },
  }).spawn().status;
  if (code !== 0) Deno.exit(code);
  const made = wanted.map(async (entry) => [entry.name, await fingerprint(entry)] as const);
  await writeMade({ ...await readMade(), ...Object.fromEntries(await Promise.all(made)) });
}
