import { fileURLToPath, pathToFileURL } from "node:url";
import { type ModuleSource, ModuleSources, relinked } from "./module_source.ts";

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

/** Modules of ours that all operations must share: a second copy of an error class would be another class. */
const SHARED = /^[^/]+\.ts$/;
const WORKERS = new URL("./", import.meta.url).href;

function isShared(file: URL): boolean {
  return file.href.startsWith(WORKERS) && SHARED.test(file.href.slice(WORKERS.length));
}

const FROZEN = /blob:null\/[\da-f-]{36}/g;

/** A text in which URLs of files are spelled out: stacks have some of their characters encoded. */
function decoded(text: string): string {
  return text.replace(/file:\/\/\/[^\n]*/g, (line) => {
    try {
      return decodeURI(line);
    } catch {
      return line; // It has a percent sign of its own.
    }
  });
}

/** How a module is come by, and what becomes of it. */
interface Way {
  sourceOf(path: string): Promise<ModuleSource>;
  /** Whether threads may import the file itself. */
  stands(path: string, source: ModuleSource): boolean;
}

/** Takes snapshots, and knows which file each module was made of. */
export class SnapshotStore {
  /** Frozen modules by what is in them: what has not changed is frozen, and loaded by a thread, once. */
  readonly #urls = new Map<string, string>();
  /** The files of frozen modules. */
  readonly #files = new Map<string, string>();
  /** Modules that threads import from their files, as those were at first, by path. */
  readonly #adopted = new Map<string, ModuleSource>();
  /** What has been frozen once is so ever after: of a file that changes, threads may have imported either version. */
  readonly #frozen = new Set<string>();

  /**
   * Takes the files themselves for the snapshot, for as long as they do not change: what Deno has made of them it keeps
   * for the next start, where each frozen module would be compiled anew and left behind in its cache for ever.
   *
   * @throws As {@linkcode SnapshotStore.take}
   */
  adopt(file: URL, sources: ModuleSources = new ModuleSources()): Promise<Snapshot> {
    return this.#take(file, {
      sourceOf: async (path) => {
        const source = await sources.of(path);
        this.#adopted.set(path, source);
        return source;
      },
      stands: this.#stands,
    });
  }

  /**
   * Freezes `file` and what it imports by relative paths, except what was adopted and has not changed. Lines keep their
   * numbers.
   *
   * @throws {CircularImportError} When modules import each other
   * @throws {MissingImportError} When a module that is imported does not exist, with the import's place
   * @throws {Deno.errors.NotFound} When the file itself does not exist
   */
  take(file: URL, sources: ModuleSources = new ModuleSources()): Promise<Snapshot> {
    return this.#take(file, { sourceOf: (path) => sources.of(path), stands: this.#stands });
  }

  /** What `url` has been, whatever has become of the files: freezes what was adopted, from memory. */
  async keep(url: string): Promise<string> {
    if (this.#files.has(url)) return url;
    const sourceOf = (path: string) => Promise.resolve(this.#adopted.get(path) as ModuleSource);
    return (await this.#take(new URL(url), { sourceOf, stands: () => false })).url;
  }

  readonly #stands = (path: string, { text }: ModuleSource): boolean =>
    this.#adopted.get(path)?.text === text && !this.#frozen.has(path);

  async #take(file: URL, way: Way): Promise<Snapshot> {
    const files = new Set<string>();
    return { url: await this.#freeze(file, [], files, way), files: [...files] };
  }

  async #freeze(
    file: URL,
    importers: readonly string[],
    files: Set<string>,
    way: Way,
  ): Promise<string> {
    const path = fileURLToPath(file);
    if (importers.includes(path)) {
      throw new CircularImportError(
        `Modules import each other: ${[...importers, path].join(" -> ")}`,
      );
    }
    files.add(path);
    const source = await way.sourceOf(path);
    let stands = way.stands(path, source);
    const urls = new Map<string, string>();
    for (const [specifier, line] of source.imports) {
      const target = new URL(specifier, file);
      if (isShared(target)) {
        urls.set(specifier, target.href);
        continue;
      }
      try {
        urls.set(specifier, await this.#freeze(target, [...importers, path], files, way));
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
        throw new MissingImportError(
          `Cannot import '${specifier}': there is no such file`,
          { file: path, line },
        );
      }
      stands &&= urls.get(specifier) === target.href;
    }
    if (stands) return file.href;
    this.#frozen.add(path);
    return this.#store(path, relinked(source, file, urls), source.type);
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
    const thawed = this.thaw(text);
    let [first, place]: [number, Place | undefined] = [Infinity, undefined];
    for (const file of new Set([...this.#adopted.keys(), ...this.#files.values()])) {
      const at = thawed.indexOf(`${file}:`);
      const line = Number.parseInt(thawed.slice(at + file.length + 1));
      if (at >= 0 && at < first && line > 0) [first, place] = [at, { file, line }];
    }
    return place;
  }

  /** A text, such as a stack, with the files' names in place of the modules. */
  thaw(text: string): string {
    let thawed = decoded(text).replace(FROZEN, (url) => this.#files.get(url) ?? url);
    for (const path of this.#adopted.keys()) {
      thawed = thawed.replaceAll(decodeURI(pathToFileURL(path).href), path);
    }
    return thawed;
  }
}
