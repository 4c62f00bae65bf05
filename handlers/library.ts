import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CatalogueEntry } from "../workers/catalogue.ts";
import { importLine } from "../workers/import_line.ts";
import { type Describer, type Loader, LoadError } from "../workers/loader.ts";
import { SnapshotStore } from "../workers/snapshot.ts";
import type { Log } from "./log.ts";

/** A file in an operations folder that cannot be used, and why. */
export interface LoadFailure {
  name: string;
  file: string;
  line?: number;
  reason: string;
  /** Whether the version before it is still in the catalogue. */
  kept: boolean;
}

interface Item {
  /** What was tried last: a snapshot, or why none could be taken. The same is not tried twice. */
  tried: string;
  entry?: CatalogueEntry;
  failure?: Omit<LoadFailure, "name" | "file" | "kept">;
}

/** Editors save in several steps; changes are looked at when nothing has happened for this long, in ms. */
const SETTLED_MS = 50;

/** Whether a file of this name holds an operation: tests and what operations share do not. */
export function isOperation(name: string): boolean {
  return /^[^_.].*\.ts$/.test(name) && !/(_test|\.test|\.d)\.ts$/.test(name);
}

/** An operation is called as its file is. */
export function nameOf(file: string): string {
  return basename(file, ".ts");
}

/** The operations folders: what is in them, and what has become of each file. */
export class Library {
  readonly #folders: readonly string[];
  readonly #loader: Loader;
  readonly #log: Log;
  readonly #snapshots = new SnapshotStore();
  #items = new Map<string, Item>();
  #watcher: Deno.FsWatcher | undefined;
  #watching: Promise<void> = Promise.resolve();

  constructor(folders: readonly string[], loader: Loader, log: Log) {
    this.#folders = folders;
    this.#loader = loader;
    this.#log = log;
  }

  /** What can be run, by name; of two files with one name the one in the earlier folder. */
  get entries(): CatalogueEntry[] {
    const byName = new Map<string, CatalogueEntry>();
    for (const { entry } of this.#items.values()) {
      if (entry !== undefined && !byName.has(entry.name)) byName.set(entry.name, entry);
    }
    return [...byName.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  }

  get failures(): LoadFailure[] {
    const owners = new Map<string, string>();
    const failures: LoadFailure[] = [];
    for (const [file, { entry, failure }] of this.#items) {
      const name = nameOf(file);
      const owner = owners.get(name);
      if (owner !== undefined) {
        failures.push({
          name,
          file,
          reason: `The name '${name}' is taken by ${owner}`,
          kept: true,
        });
        continue;
      }
      if (entry !== undefined) owners.set(name, file);
      if (failure !== undefined) {
        failures.push({ name, file, ...failure, kept: entry !== undefined });
      }
    }
    return failures;
  }

  /** A text with files' names in place of frozen modules. */
  thaw(text: string): string {
    return this.#snapshots.thaw(text);
  }

  /**
   * Looks at every file and loads what is new.
   *
   * @param loaders Who loads the files, each one at a time
   * @returns Whether anything has changed
   */
  async refresh(loaders: readonly Describer[] = [this.#loader]): Promise<boolean> {
    const files = await this.#files();
    const looked: Item[] = new Array(files.length);
    let next = 0;
    await Promise.all(loaders.map(async (loader) => {
      while (next < files.length) {
        const index = next++;
        const file = files[index] as string;
        looked[index] = await this.#look(file, this.#items.get(file), loader);
      }
    }));
    const items = new Map<string, Item>();
    let changed = false;
    for (const [index, item] of looked.entries()) {
      const file = files[index] as string;
      const before = this.#items.get(file);
      items.set(file, item);
      if (item === before) continue;
      changed = true;
      this.#tell(file, item, before);
    }
    for (const file of this.#items.keys()) {
      if (items.has(file)) continue;
      changed = true;
      this.#log({ event: "operation-removed", message: `${nameOf(file)} was removed`, file });
    }
    this.#items = items;
    this.#loader.release();
    return changed;
  }

  async #files(): Promise<string[]> {
    const files: string[] = [];
    for (const folder of this.#folders) {
      const names: string[] = [];
      try {
        for await (const { name, isDirectory } of Deno.readDir(folder)) {
          if (!isDirectory && isOperation(name)) names.push(name);
        }
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
      files.push(...names.sort().map((name) => join(folder, name)));
    }
    return files;
  }

  async #look(file: string, before: Item | undefined, loader: Describer): Promise<Item> {
    let tried = "";
    const kept = before?.entry === undefined ? {} : { entry: before.entry };
    try {
      const { url } = await this.#snapshots.take(pathToFileURL(file));
      tried = url;
      if (before?.tried === tried) return before;
      return { tried, entry: await loader.describe(nameOf(file), url) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (tried === "") tried = `unreadable: ${message}`;
      if (before?.tried === tried) return before;
      return { tried, ...kept, failure: await this.#explain(file, error, message) };
    }
  }

  async #explain(
    file: string,
    error: unknown,
    message: string,
  ): Promise<NonNullable<Item["failure"]>> {
    const source = await Deno.readTextFile(file).catch(() => "");
    const trace = error instanceof LoadError ? `${message}\n${error.trace ?? ""}` : message;
    const told = this.thaw(trace).split(`${file}:`)[1]?.match(/^\d+/)?.[0];
    const line = told === undefined ? importLine(source, message) : Number(told);
    const reason = this.thaw(message).split("\n")[0] ?? message;
    return line === undefined ? { reason } : { line, reason };
  }

  #tell(file: string, { failure, entry }: Item, before: Item | undefined): void {
    if (failure === undefined) {
      if (this.#watcher === undefined) return; // What is there at the start stands in the banner.
      const what = before === undefined ? "was loaded" : "was loaded anew";
      this.#log({ event: "operation-loaded", message: `${nameOf(file)} ${what}`, file });
      return;
    }
    const place = failure.line === undefined ? file : `${file}:${failure.line}`;
    const kept = entry === undefined ? "" : "; the version before it stays in use";
    this.#log({
      event: "operation-broken",
      level: "error",
      message: `${place}: ${failure.reason}${kept}`,
      file,
    });
  }

  /** Watches the folders; `onChange` is called after every change, one call at a time. */
  watch(onChange: () => Promise<void>): void {
    const folders = this.#folders.filter((folder) => {
      try {
        return Deno.statSync(folder).isDirectory;
      } catch {
        return false;
      }
    });
    if (folders.length === 0) return;
    this.#watcher = Deno.watchFs(folders);
    this.#watching = this.#follow(this.#watcher, onChange);
  }

  async #follow(watcher: Deno.FsWatcher, onChange: () => Promise<void>): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let changing: Promise<void> = Promise.resolve();
    for await (const { kind } of watcher) {
      if (kind === "access") continue;
      clearTimeout(timer);
      timer = setTimeout(() => changing = changing.then(onChange), SETTLED_MS);
    }
    clearTimeout(timer);
    await changing;
  }

  async stop(): Promise<void> {
    this.#watcher?.close();
    await this.#watching;
  }
}
