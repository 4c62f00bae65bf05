import { SlotFile } from "./slot_file.ts";

/** The files that a slice has open: each opened once, when it is first needed. */
export class OpenFiles implements Disposable {
  readonly #files = new Map<string, SlotFile>();

  /** @throws {OutboardError} LANE_FAILED when it cannot be opened */
  get({ slot, file: path }: { slot: number; file: string }, access: "read" | "write"): SlotFile {
    const key = `${access} ${path}`;
    const known = this.#files.get(key);
    if (known !== undefined) return known;
    const file = new SlotFile(slot, path, access);
    this.#files.set(key, file);
    return file;
  }

  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file[Symbol.dispose]();
  }
}
