/** Looks between two looks at the clock. */
const LOOKS = 32;

/** After so many vain lookouts in a row, doubled each time, none is tried for as many occasions. */
const MAX_PAUSE = 1024;

/**
 * Looks out for something for a moment before its thread goes to sleep, because to be woken takes longer than a small
 * job. Gives up for a while when it was in vain: on a busy machine it would only keep away from the processor those who
 * are waited for.
 */
export class Lookout {
  readonly #ms: number;
  #pause = 1;
  #skip = 0;

  /** @param ms The longest time that it takes, in ms */
  constructor(ms: number) {
    this.#ms = ms;
  }

  /** @returns Whether it came */
  spots(isThere: () => boolean): boolean {
    if (this.#skip > 0) {
      this.#skip--;
      return isThere();
    }
    const until = performance.now() + this.#ms;
    do {
      for (let look = 0; look < LOOKS; look++) {
        if (!isThere()) continue;
        this.#pause = 1;
        return true;
      }
    } while (performance.now() < until);
    this.#skip = this.#pause;
    this.#pause = Math.min(2 * this.#pause, MAX_PAUSE);
    return false;
  }
}
