import { OutboardError } from "../../workers/errors.ts";

/** What a client says of where bytes are: never a path. */
export interface SlotPlace {
  slot: number;
  /** In bytes. */
  offset: number;
}

interface Slots {
  slotBytes: number;
  create(): number;
  remove(slot: number): void;
  fileOf(slot: number): string;
  /** All slots are given back. */
  closed(): void;
}

/** The slots of one session. The client alone says what is in them and when; no other session can name them. */
export class SessionLane {
  readonly slotBytes: number;
  readonly #from: Slots;
  readonly #slots = new Set<number>();
  #closed = false;

  constructor(from: Slots) {
    this.slotBytes = from.slotBytes;
    this.#from = from;
  }

  get slots(): number[] {
    return [...this.#slots];
  }

  /** @throws {OutboardError} LANE_FAILED when a file cannot be made; then there is none */
  fill(count: number): void {
    try {
      for (let made = 0; made < count; made++) this.#slots.add(this.#from.create());
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * The file in which `bytes` bytes have room at `place`.
   *
   * @throws {OutboardError} LANE_FAILED when the slot is not this session's, or too small
   */
  fileFor({ slot, offset }: SlotPlace, bytes: number, action: string): string {
    if (!this.#slots.has(slot)) {
      const wanted = this.slots.join(", ");
      throw new OutboardError(
        "LANE_FAILED",
        `${action}: wanted one of this session's slots, ${wanted}, got ${slot}`,
        { slot },
      );
    }
    if (offset + bytes > this.slotBytes) {
      throw new OutboardError(
        "LANE_FAILED",
        `${action}: slot ${slot} has room for ${this.slotBytes} bytes, got ${bytes} at ${offset}`,
        { slot, limit: this.slotBytes, came: offset + bytes },
      );
    }
    return this.#from.fileOf(slot);
  }

  /**
   * Puts a fresh slot in the place of one that a thread may still be writing.
   *
   * @returns The fresh one; undefined when there is none to be had, or nothing to be replaced
   */
  renew(slot: number): number | undefined {
    if (this.#closed || !this.#slots.delete(slot)) return undefined;
    this.#from.remove(slot);
    try {
      const fresh = this.#from.create();
      this.#slots.add(fresh);
      return fresh;
    } catch (error) {
      if (!(error instanceof OutboardError)) throw error;
      return undefined;
    }
  }

  /** The session is over. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const slot of this.#slots) this.#from.remove(slot);
    this.#slots.clear();
    this.#from.closed();
  }
}
