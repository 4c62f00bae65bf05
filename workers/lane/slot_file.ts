import { OutboardError } from "../errors.ts";

/** What went wrong with a file, for people. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof Deno.errors.NotFound) return "its file is gone";
  if (!(error instanceof Error)) return undefined;
  return (error as { code?: string }).code === "ENOSPC" ? "the disk is full" : error.message;
}

/** A file of the lane, opened for as long as one slice needs it. Closing it often is cheap and lets it be removed. */
export class SlotFile implements Disposable {
  readonly #slot: number;
  readonly #file: Deno.FsFile;

  /** @throws {OutboardError} LANE_FAILED when it cannot be opened */
  constructor(slot: number, path: string, access: "read" | "write") {
    this.#slot = slot;
    this.#file = this.#attempt("open", () => Deno.openSync(path, { [access]: true }));
  }

  #attempt<T>(action: string, attempt: () => T): T {
    try {
      return attempt();
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === undefined || error instanceof OutboardError) throw error;
      throw this.#failure(action, reason);
    }
  }

  #failure(action: string, reason: string): OutboardError {
    return new OutboardError(
      "LANE_FAILED",
      `Cannot ${action} slot ${this.#slot} of the lane: ${reason}; send the arrays in binary frames`,
      { slot: this.#slot },
    );
  }

  /**
   * Fills `bytes` from `offset` on.
   *
   * @throws {OutboardError} LANE_FAILED when the file ends before that, or cannot be read
   */
  read(bytes: Uint8Array<SharedArrayBuffer>, offset: number): void {
    this.#attempt("read", () => {
      this.#file.seekSync(offset, Deno.SeekMode.Start);
      for (let done = 0; done < bytes.byteLength;) {
        const count = this.#file.readSync(bytes.subarray(done));
        if (count === null) {
          const end = offset + bytes.byteLength;
          throw this.#failure("read", `wanted ${end} bytes, got ${offset + done}`);
        }
        done += count;
      }
    });
  }

  /**
   * Writes all of `bytes` from `offset` on.
   *
   * @throws {OutboardError} LANE_FAILED when the disk is full, or the file cannot be written
   */
  write(bytes: Uint8Array<SharedArrayBuffer>, offset: number): void {
    this.#attempt("write", () => {
      this.#file.seekSync(offset, Deno.SeekMode.Start);
      for (let done = 0; done < bytes.byteLength;) {
        done += this.#file.writeSync(bytes.subarray(done));
      }
    });
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}
