const MULTIPLIER = 1664525;
const INCREMENT = 1013904223;
const RANGE = 2 ** 32;

/** Random numbers that a failed test can draw again: its title holds the seed. */
export class Random {
  readonly seed: number;
  #state: number;

  constructor(seed: number) {
    this.seed = seed;
    this.#state = seed;
  }

  /** Another seed on every run. */
  static fromClock(): Random {
    return new Random(crypto.getRandomValues(new Uint32Array(1))[0] as number);
  }

  /** An integer of 0 up to, not including, `limit`; 0 where there is none. */
  below(limit: number): number {
    this.#state = (Math.imul(this.#state, MULTIPLIER) + INCREMENT) >>> 0;
    return Math.floor(this.#state / RANGE * limit);
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("Cannot pick from nothing");
    return items[this.below(items.length)] as T;
  }

  /** True once in `times`. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }
}
