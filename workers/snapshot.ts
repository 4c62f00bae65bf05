import { fileURLToPath } from "node:url";

/**
 * An operation's file and every module beside it that it imports, as they were at one moment. Threads import that, so a
 * job finishes with the code that it began with, whatever happens to the files, and a version that works can be loaded
 * again after the file has been broken.
 */
export interface Snapshot {
  /** What to import; the same for the same content. */
  url: string;
  /** The files that went into it. */
  files: readonly string[];
}

/** A module imports by a relative path what is not there. */
export class MissingImportError extends TypeError {
  override readonly name = "MissingImportError";

  /** @param place Where the import stands */
  constructor(message: string, readonly place: Place) {
    super(message);
  }
}

export interface Place {
  file: string;
  line: number;
}

/** A module whose imports lead back to it cannot be frozen. */
export class CircularImportError extends TypeError {
  override readonly name = "CircularImportError";
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

/** Modules of ours that all operations must share: a second copy of an error class would be another class. */
const SHARED = /^[^/]+\.ts$/;
const WORKERS = new URL("./", import.meta.url).href;

function isShared(file: URL): boolean {
  return file.href.startsWith(WORKERS) && SHARED.test(file.href.slice(WORKERS.length));
}

function placeOf(expression: string, file: URL): string {
  if (expression.endsWith("url")) return JSON.stringify(file.href);
  const place = expression.endsWith("filename") ? file : new URL(".", file);
  return JSON.stringify(fileURLToPath(place).replace(/(.)\/$/, "$1"));
}

/** Takes snapshots, and knows which file each frozen module was made of. */
export class SnapshotStore {
  /** Frozen modules by what is in them: what has not changed is frozen, and loaded by a thread, once. */
  readonly #urls = new Map<string, string>();
  readonly #files = new Map<string, string>();

  /**
   * Freezes `file` and what it imports by relative paths. Lines keep their numbers.
   *
   * @throws {CircularImportError} When modules import each other
   * @throws {MissingImportError} When a module that is imported does not exist, with the import's place
   * @throws {Deno.errors.NotFound} When the file itself does not exist
   */
  async take(file: URL): Promise<Snapshot> {
    const files = new Set<string>();
    return { url: await this.#freeze(file, [], files), files: [...files] };
  }

  async #freeze(file: URL, importers: readonly string[], files: Set<string>): Promise<string> {
    const path = fileURLToPath(file);
    if (importers.includes(path)) {
      throw new CircularImportError(
        `Modules import each other: ${[...importers, path].join(" -> ")}`,
      );
    }
    files.add(path);
    const type = MEDIA_TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    const source = await Deno.readTextFile(file);
    if (type === "application/json") return this.#store(path, source, type);
    const frozen = new Map<string, string>();
    for (const { groups, index } of source.matchAll(TOKENS)) {
      const specifier = groups?.specifier;
      if (specifier === undefined || frozen.has(specifier)) continue;
      const target = new URL(specifier, file);
      if (isShared(target)) {
        frozen.set(specifier, target.href);
        continue;
      }
      try {
        frozen.set(specifier, await this.#freeze(target, [...importers, path], files));
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
        const line = source.slice(0, index).split("\n").length;
        throw new MissingImportError(
          `Cannot import '${specifier}': there is no such file`,
          { file: path, line },
        );
      }
    }
    const text = source.replace(TOKENS, (match, ...rest) => {
      const { keyword, quote, specifier, place } = rest.at(-1) as Record<string, string>;
      if (place !== undefined) return placeOf(place, file);
      return specifier === undefined ? match : `${keyword}${quote}${frozen.get(specifier)}${quote}`;
    });
    return this.#store(path, text, type);
  }

  #store(path: string, text: string, type: string): string {
    const key = `${path}\n${text}`;
    const known = this.#urls.get(key);
    if (known !== undefined) return known;
    const url = URL.createObjectURL(new Blob([text], { type }));
    this.#urls.set(key, url);
    this.#files.set(url, path);
    return url;
  }

  /** The first place in a module that a text, such as a stack, tells of. */
  placeIn(text: string): Place | undefined {
    for (const [, url = "", line] of text.matchAll(/(blob:null\/[\da-f-]{36}):(\d+)/g)) {
      const file = this.#files.get(url);
      if (file !== undefined) return { file, line: Number(line) };
    }
    return undefined;
  }

  /** A text, such as a stack, with the files' names in place of the frozen modules. */
  thaw(text: string): string {
    return text.replace(/blob:null\/[\da-f-]{36}/g, (url) => this.#files.get(url) ?? url);
  }
}
