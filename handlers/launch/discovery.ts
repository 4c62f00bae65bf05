import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DiscoveryEntry } from "./discovery_entry.ts";
import { isAlive } from "./is_alive.ts";
import { makePrivateFolder } from "./state_folder.ts";

const LOCK = fileURLToPath(new URL("../../deno.lock", import.meta.url));

/** The discovery files of this user's servers. */
export class Discovery {
  readonly #state: string;
  readonly folder: string;

  constructor(state: string) {
    this.#state = state;
    this.folder = join(state, "servers");
  }

  fileOf(pid: number): string {
    return join(this.folder, `${pid}.json`);
  }

  /** The lock file of a server's packages: a copy of ours, to which those of authors are added. */
  async lockOf(pid: number): Promise<string> {
    await this.#makeFolders();
    const lock = join(this.folder, `${pid}.lock`);
    await Deno.copyFile(LOCK, lock);
    return lock;
  }

  async #makeFolders(): Promise<void> {
    await makePrivateFolder(this.#state);
    await makePrivateFolder(this.folder);
  }

  /** Writes an entry so that no reader ever sees half of it. */
  async write(entry: DiscoveryEntry): Promise<void> {
    await this.#makeFolders();
    const file = this.fileOf(entry.pid);
    const draft = `${file}.new`;
    await Deno.writeTextFile(draft, `${JSON.stringify(entry, null, 2)}\n`, { mode: 0o600 });
    await Deno.rename(draft, file);
  }

  async remove(pid: number): Promise<void> {
    for (const file of [this.fileOf(pid), join(this.folder, `${pid}.lock`)]) {
      await Deno.remove(file).catch(ignoreMissing);
    }
  }

  /** The servers that live; left-overs of dead ones are removed. */
  async list(): Promise<DiscoveryEntry[]> {
    const alive: DiscoveryEntry[] = [];
    for (const name of await this.#names()) {
      const path = join(this.folder, name);
      if (name.endsWith(".lock")) {
        if (!isAlive(parseInt(name))) await Deno.remove(path).catch(ignoreMissing);
        continue;
      }
      const text = await Deno.readTextFile(path).catch(ignoreMissing);
      // A first server finds no other's file, and starts without what it takes to check one.
      const { parseEntry } = await import("./discovery_entry.ts");
      const entry = parseEntry(text ?? "");
      if (entry !== undefined && isAlive(entry.pid)) alive.push(entry);
      else await Deno.remove(path).catch(ignoreMissing);
    }
    return alive;
  }

  async #names(): Promise<string[]> {
    const names: string[] = [];
    try {
      for await (const { name } of Deno.readDir(this.folder)) {
        // A draft may be another server's, just being written.
        if (/\.(json|lock)$/.test(name)) names.push(name);
      }
    } catch (error) {
      ignoreMissing(error);
    }
    return names;
  }
}

/** Another process may have removed the file first. */
function ignoreMissing(error: unknown): undefined {
  if (error instanceof Deno.errors.NotFound) return undefined;
  throw error;
}
