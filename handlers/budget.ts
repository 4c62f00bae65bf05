import { OutboardError } from "../workers/errors.ts";
import type { Limits } from "./limits.ts";

/** The bytes that unfinished jobs hold, for each session and in all. */
export class Budget {
  readonly #limits: Limits;
  readonly #bySession = new Map<string, number>();
  #held = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get held(): number {
    return this.#held;
  }

  /**
   * Reserves room for a job's arrays before a byte is accepted.
   *
   * @throws {OutboardError} TOO_LARGE when the job can never fit, BUSY when it does not fit now
   */
  reserve(session: string, bytes: number, action: string, retryAfterMs: number): void {
    const { maxSessionBytes, maxTotalBytes } = this.#limits;
    if (bytes > maxSessionBytes) {
      throw new OutboardError(
        "TOO_LARGE",
        `${action}: its arrays take ${bytes} bytes, the limit is ${maxSessionBytes}`,
        { limit: maxSessionBytes, came: bytes },
      );
    }
    const mine = this.#bySession.get(session) ?? 0;
    if (mine + bytes > maxSessionBytes || this.#held + bytes > maxTotalBytes) {
      throw new OutboardError(
        "BUSY",
        `${action}: unfinished jobs hold ${this.#held} bytes, there is no room for ${bytes} more`,
        { retryAfterMs },
      );
    }
    this.add(session, bytes);
  }

  /** Counts bytes that are there already, such as an output that only the run could size. */
  add(session: string, bytes: number): void {
    this.#bySession.set(session, (this.#bySession.get(session) ?? 0) + bytes);
    this.#held += bytes;
  }

  release(session: string, bytes: number): void {
    const left = (this.#bySession.get(session) ?? 0) - bytes;
    if (left > 0) this.#bySession.set(session, left);
    else this.#bySession.delete(session);
    this.#held -= bytes;
  }
}
