import { fileURLToPath } from "node:url";

/** A module's text, and what it imports from beside it. */
export interface ModuleSource {
  text: string;
  /** Its media type. */
  type: string;
  /** The specifiers of relative imports, with the lines where they stand first. */
  imports: ReadonlyMap<string, number>;
}

const MEDIA_TYPES: Record<string, string> = {
  ts: "application/typescript",
  mts: "application/typescript",
  js: "text/javascript",
  mjs: "text/javascript",
  json: "application/json",
};

/**
 * Comments and texts, which are passed over, and between them the specifiers of relative imports and what a module
 * says of its own place.
 */
const TOKENS = new RegExp(
  [
    /\/\*[^]*?\*\//,
    /\/\/[^\n]*/,
    /(?<keyword>\bfrom\s*|\bimport\s*\(?\s*)(?<quote>["'])(?<specifier>\.{1,2}\/[^"']+)\k<quote>/,
    /(?<place>\bimport\.meta\.(?:url|filename|dirname)\b)/,
    /"(?:[^"\\\n]|\\.)*"/,
    /'(?:[^'\\\n]|\\.)*'/,
    /`(?:[^`\\]|\\[^])*`/,
  ].map(({ source }) => source).join("|"),
  "g",
);

function importsOf(text: string): Map<string, number> {
  const imports = new Map<string, number>();
  for (const { groups, index } of text.matchAll(TOKENS)) {
    const specifier = groups?.specifier;
    if (specifier === undefined || imports.has(specifier)) continue;
    imports.set(specifier, text.slice(0, index).split("\n").length);
  }
  return imports;
}

function placeOf(expression: string, file: URL): string {
  if (expression.endsWith("url")) return JSON.stringify(file.href);
  const place = expression.endsWith("filename") ? file : new URL(".", file);
  return JSON.stringify(fileURLToPath(place).replace(/(.)\/$/, "$1"));
}

/** The module's text with other specifiers, and with its own place spelled out. Lines keep their numbers. */
export function relinked(
  { text }: ModuleSource,
  file: URL,
  specifiers: ReadonlyMap<string, string>,
): string {
  return text.replace(TOKENS, (match, ...rest) => {
    const { keyword, quote, specifier, place } = rest.at(-1) as Record<string, string>;
    if (place !== undefined) return placeOf(place, file);
    return specifier === undefined
      ? match
      : `${keyword}${quote}${specifiers.get(specifier)}${quote}`;
  });
}

/** Modules' sources at one moment: each file is read once, however many modules import it. */
export class ModuleSources {
  readonly #sources = new Map<string, Promise<ModuleSource>>();

  /** @throws {Deno.errors.NotFound} When there is no such file */
  of(path: string): Promise<ModuleSource> {
    const known = this.#sources.get(path);
    if (known !== undefined) return known;
    const reading = read(path);
    this.#sources.set(path, reading);
    return reading;
  }
}

async function read(path: string): Promise<ModuleSource> {
  const type = MEDIA_TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  const text = await Deno.readTextFile(path);
  return { text, type, imports: type === MEDIA_TYPES.json ? new Map() : importsOf(text) };
}
