/** Which version of what they show the pictures were made of. */
import type { CatalogueEntry } from "../../workers/catalogue.ts";

const RECIPES = new URL("../gui/pictures/recipes/", import.meta.url);
const STUDIO = new URL("../gui/pictures/studio.py", import.meta.url);

/** Where the pictures are, and beside them what they were made of. */
export const PICTURES = new URL("../../docs/operations/", import.meta.url);
const RECORD = new URL("made_of.json", PICTURES);

/** An operation's name -> the fingerprint that its picture was made with. */
export type Made = Readonly<Record<string, string>>;

/**
 * A fingerprint of all that decides what an operation's picture shows: scene, studio, and what is declared but for how
 * it is computed.
 */
export async function fingerprint(
  { module: _module, rowwise: _rowwise, ...declared }: CatalogueEntry,
): Promise<string> {
  const texts = [JSON.stringify(declared), await recipe(declared.name), await read(STUDIO)];
  const bytes = new TextEncoder().encode(texts.join("\0"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return digest.slice(0, 12).toHex();
}

/** What an operation's picture shows, in the words at the top of its recipe. */
export async function caption(name: string): Promise<string> {
  return (await recipe(name)).match(/^"""(.+)\.?"""$/m)?.[1]?.replace(/\.$/, "") ?? "";
}

/** What the pictures that there are were made of. */
export async function readMade(): Promise<Made> {
  return JSON.parse(await read(RECORD));
}

/** Notes what the pictures were made of. */
export async function writeMade(made: Made): Promise<void> {
  const sorted = Object.entries(made).sort(([one], [other]) => one < other ? -1 : 1);
  await Deno.writeTextFile(RECORD, JSON.stringify(Object.fromEntries(sorted), null, 2) + "\n");
}

function recipe(name: string): Promise<string> {
  return read(new URL(`${name}.py`, RECIPES));
}

async function read(file: URL): Promise<string> {
  // As git may check it out on Windows.
  return (await Deno.readTextFile(file)).replaceAll("\r\n", "\n");
}
