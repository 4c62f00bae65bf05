import { Lookout } from "./lookout.ts";

/** How long main looks out for an answer before it turns to its other business, in ms. */
const LOOKOUT_MS = 0.2;

/**
 * Tells main when to look out for an answer rather than to sleep until it comes: when small slices come one at a time,
 * each after the answer to the one before. When several are under way, whoever sends them needs the processor more.
 */
export class LoneSlices {
  readonly #lookout = new Lookout(LOOKOUT_MS);
  /** Slices given since no answer was owed, and in the time before that. */
  #given = 0;
  #givenBefore = 0;
  /** What the slice given last will probably take. */
  #expectedMs = Infinity;

  /** A thread has been given a slice. @param expectedMs Undefined when nobody knows or it is long */
  give(expectedMs: number | undefined): void {
    this.#given++;
    this.#expectedMs = expectedMs ?? Infinity;
  }

  /** No answer is owed any more. */
  end(): void {
    this.#givenBefore = this.#given;
    this.#given = 0;
  }

  /** Looks out for the answer if that is worthwhile. @returns Whether it came */
  spots(isThere: () => boolean): boolean {
    const isLone = this.#given === 1 && this.#givenBefore === 1;
    return isLone && this.#expectedMs < LOOKOUT_MS && this.#lookout.spots(isThere);
  }
}
