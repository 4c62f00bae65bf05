import { join } from "node:path";
import { OutboardError } from "../../workers/errors.ts";
import { equalInConstantTime } from "../equal_in_constant_time.ts";
import type { Limits } from "../limits.ts";
import { SessionLane } from "./session_lane.ts";

/** The file whose text proves that a client sees the folder. */
const NONCE_FILE = "nonce";

/** Slots that one session gets: that many of its jobs at a time may use them. */
const SLOTS_PER_SESSION = 4;
/** Slots that all sessions have together. */
const MAX_SLOTS = 16;

const ONLY_THE_USER = 0o600;

function newNonce(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}

/**
 * The same-host lane: files in a folder of the server's own, through which arrays go to and from clients that see the
 * same folder. docs/protocol.md, "The same-host lane".
 */
export class Lane {
  readonly folder: string;
  readonly #limits: Limits;
  readonly #nonce = newNonce();
  #slots = 0;
  #lastSlot = 0;

  /** @throws {Error} When the folder cannot be written */
  constructor(folder: string, limits: Limits) {
    this.folder = folder;
    this.#limits = limits;
    this.#create(NONCE_FILE, this.#nonce);
  }

  #create(name: string, text: string): void {
    Deno.writeTextFileSync(join(this.folder, name), text, {
      createNew: true,
      mode: ONLY_THE_USER,
    });
  }

  /**
   * Gives slots to a client that has read the nonce.
   *
   * @throws {OutboardError} LANE_FAILED when it has not, when all slots are given, or when a file cannot be made
   */
  open(nonce: string): SessionLane {
    if (!equalInConstantTime(nonce, this.#nonce)) {
      throw new OutboardError(
        "LANE_FAILED",
        `Cannot open the lane: wanted the text of the file '${NONCE_FILE}' in its folder, ` +
          "got another; send arrays in binary frames",
      );
    }
    if (this.#slots + SLOTS_PER_SESSION > MAX_SLOTS) {
      throw new OutboardError(
        "LANE_FAILED",
        `Cannot open the lane: other sessions have its ${MAX_SLOTS} slots; ` +
          "send arrays in binary frames",
      );
    }
    this.#slots += SLOTS_PER_SESSION;
    const lane = new SessionLane({
      // An input and an output of the largest size.
      slotBytes: 2 * this.#limits.maxArrayBytes,
      create: () => this.#createSlot(),
      remove: (slot) => this.#remove(this.fileOf(slot)),
      closed: () => this.#slots -= SLOTS_PER_SESSION,
      fileOf: (slot) => this.fileOf(slot),
    });
    lane.fill(SLOTS_PER_SESSION);
    return lane;
  }

  fileOf(slot: number): string {
    return join(this.folder, `slot-${slot}`);
  }

  /** Numbers are never used twice: a client or thread that is late writes into a file that nobody reads. */
  #createSlot(): number {
    const slot = ++this.#lastSlot;
    try {
      this.#create(`slot-${slot}`, "");
    } catch (error) {
      throw new OutboardError(
        "LANE_FAILED",
        "Cannot make a file of the lane; send arrays in binary frames",
        {},
        { cause: error },
      );
    }
    return slot;
  }

  #remove(file: string): void {
    try {
      Deno.removeSync(file);
    } catch (error) {
      // Gone already, or, on Windows, still open at the client: the folder goes when the server has ended.
      if (!(error instanceof Error)) throw error;
    }
  }

  /** Nobody uses the folder any more; the parent removes it. */
  close(): void {
    this.#remove(join(this.folder, NONCE_FILE));
  }
}
