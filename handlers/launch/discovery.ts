import { join } from "node:path";
import { z } from "zod";
import { fileURLToPath } from "node:url";
import { isAlive } from "./is_alive.ts";
import { makePrivateFolder } from "./state_folder.ts";

const ENTRY = z.object({
  url: z.string(),
  token: z.string(),
  pid: z.int().positive(),
  version: z.string(),
  started: z.string(),
});

/** How a client finds a running server: one file each, readable by the user alone. */
export type DiscoveryEntry = z.infer<typeof ENTRY>;

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
      const entry = ENTRY.safeParse(parseJson(text));
      if (entry.success && isAlive(entry.data.pid)) alive.push(entry.data);
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

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

/** Another process may have removed the file first. */
function ignoreMissing(error: unknown): undefined {
  if (error instanceof Deno.errors.NotFound) return undefined;
  throw error;
}
