import { pathToFileURL } from "node:url";
import type { CatalogueEntry } from "../workers/catalogue.ts";
import { importLine } from "../workers/import_line.ts";
import { type Describer, type Loader, LoadError } from "../workers/loader.ts";
import { ModuleSources } from "../workers/module_source.ts";
import {
  MissingImportError,
  type Place,
  type Snapshot,
  SnapshotStore,
} from "../workers/snapshot.ts";
import { announce } from "./announce.ts";
import type { Fault } from "./fault.ts";
import type { Log } from "./log.ts";
import { listOperationFiles, nameOf } from "./operation_files.ts";

/** A file in an operations folder that cannot be used, and why. */
export interface LoadFailure extends Fault {
  /** Of the operation. */
  name: string;
  /** Whether the version before it is still in the catalogue. */
  kept: boolean;
}

interface Item {
  /** What was tried last: a snapshot, or why none could be taken. The same is not tried twice. */
  tried: string;
  /** The file and what it imports. */
  files: readonly string[];
  entry?: CatalogueEntry;
  failure?: Fault;
}

/** A snapshot, or why none could be taken. */
type Taken = PromiseSettledResult<Snapshot>;

/** Editors save in several steps; changes are looked at when nothing has happened for this long, in ms. */
const SETTLED_MS = 50;

/** Of two files with one name the second cannot be used. */
function clash(file: string, owner: string): Fault {
  return { file, reason: `The name '${nameOf(file)}' is taken by ${owner}` };
}

/** The operations folders: what is in them, and what has become of each file. */
export class Library {
  readonly #folders: readonly string[];
  readonly #loader: Loader;
  readonly #log: Log;
  readonly #snapshots = new SnapshotStore();
  /** Code in the folders that holds no operation, and that nothing imports. */
  #others = new Set<string>();
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
    const owners = this.#owners;
    const failures: LoadFailure[] = [];
    for (const [file, { entry, failure }] of this.#items) {
      const name = nameOf(file);
      const owner = owners.get(name) ?? file;
      const [fault, kept] = owner === file
        ? [failure, entry !== undefined]
        : [clash(file, owner), true];
      if (fault !== undefined) failures.push({ name, ...fault, kept });
    }
    return failures;
  }

  /** By an operation's name the file that has it: the first one that could be loaded. */
  get #owners(): ReadonlyMap<string, string> {
    const loaded = [...this.#items].filter(([, { entry }]) => entry !== undefined);
    return new Map(loaded.reverse().map(([file]) => [nameOf(file), file]));
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
    const { files, others } = await listOperationFiles(this.#folders);
    const sources = new ModuleSources();
    // One after the other, ahead of the loaders: they can begin while the rest are read.
    let last: Promise<unknown> = Promise.resolve();
    const snapshots = files.map((file) => {
      const taken = last.then(() => this.#snapshot(file, sources));
      last = taken;
      return taken;
    });
    const looked: Item[] = new Array(files.length);
    let next = 0;
    await Promise.all(loaders.map(async (loader) => {
      while (next < files.length) {
        const index = next++;
        const file = files[index] as string;
        looked[index] = await this.#look(file, await (snapshots[index] as Promise<Taken>), loader);
      }
    }));
    const before = this.#items;
    this.#items = new Map(files.map((file, index) => [file, looked[index] as Item]));
    const changed = this.#tellChanges(before);
    this.#tellOthers(others);
    this.#loader.release();
    return changed;
  }

  /** @returns Whether there are any */
  #tellChanges(before: ReadonlyMap<string, Item>): boolean {
    const owners = this.#owners;
    let changed = false;
    for (const [file, now] of this.#items) {
      if (now === before.get(file)) continue;
      changed = true;
      const owner = owners.get(nameOf(file)) ?? file;
      const fault = owner === file ? now.failure : clash(file, owner);
      const was = owner === file && before.get(file)?.entry !== undefined;
      // What is there at the start stands in the banner.
      if (fault === undefined && this.#watcher === undefined) continue;
      announce({ file, was, is: now.entry !== undefined, fault }, this.#log);
    }
    for (const [file, { entry }] of before) {
      if (this.#items.has(file)) continue;
      changed = true;
      announce({ file, was: entry !== undefined, is: false }, this.#log);
    }
    return changed;
  }

  /** Tells once of code that its author may wait for in vain. */
  #tellOthers(others: readonly string[]): void {
    const imported = new Set([...this.#items.values()].flatMap(({ files }) => files));
    const idle = others.filter((file) => !imported.has(file));
    for (const file of idle) {
      if (this.#others.has(file)) continue;
      const message = `${file} is no operation: those are in .ts files`;
      this.#log({ event: "file-ignored", level: "warn", message, file });
    }
    this.#others = new Set(idle);
  }

  async #look(file: string, taken: Taken, loader: Describer): Promise<Item> {
    const before = this.#items.get(file);
    let tried = "";
    let files: readonly string[] = [file];
    try {
      if (taken.status === "rejected") throw taken.reason;
      ({ url: tried, files } = taken.value);
      if (before?.tried === tried) return before;
      return { tried, files, entry: await loader.describe(nameOf(file), tried) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (tried === "") tried = `unreadable: ${message}`;
      if (before?.tried === tried) return before;
      const place = await this.#placeOf(error, message, files);
      const reason = this.thaw(message).split("\n")[0] ?? message;
      const importer = place === undefined || place.file === file ? {} : { importedBy: file };
      const failure = { file, ...place, ...importer, reason };
      return { tried, files, ...await this.#kept(before), failure };
    }
  }

  /** What is there at the start threads import as it stands; what is saved later, as it was then. */
  async #snapshot(file: string, sources: ModuleSources): Promise<Taken> {
    const url = pathToFileURL(file);
    const [taken] = await Promise.allSettled([
      this.#watcher === undefined
        ? this.#snapshots.adopt(url, sources)
        : this.#snapshots.take(url, sources),
    ]);
    return taken;
  }

  /** The version before a broken one, as it was. */
  async #kept(before: Item | undefined): Promise<{ entry?: CatalogueEntry }> {
    const entry = before?.entry;
    if (entry === undefined) return {};
    return { entry: { ...entry, module: await this.#snapshots.keep(entry.module) } };
  }

  /** Where in the operation's file, or in what it imports, the fault is. */
  async #placeOf(
    error: unknown,
    message: string,
    files: readonly string[],
  ): Promise<Place | undefined> {
    if (error instanceof MissingImportError) return error.place;
    const trace = error instanceof LoadError ? `${message}\n${error.trace ?? ""}` : message;
    const told = this.#snapshots.placeIn(trace);
    if (told !== undefined) return told;
    for (const file of files) {
      const line = importLine(await Deno.readTextFile(file).catch(() => ""), message);
      if (line !== undefined) return { file, line };
    }
    return undefined;
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
