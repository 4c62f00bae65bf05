interface Timer {
  at: number;
  action: () => void;
}

/** Time that stands still until it is told to go on: `setTimeout` and `performance.now` while it is not disposed of. */
export class FakeClock implements Disposable {
  readonly #real = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    now: performance.now,
  };
  readonly #timers = new Map<number, Timer>();
  #now = 0;
  #lastId = 0;

  constructor() {
    globalThis.setTimeout = ((action: () => void, ms = 0) => {
      // The real one complains on standard error.
      if (ms < 0) throw new RangeError(`Cannot set a timer: wanted a time to come, got ${ms} ms`);
      this.#timers.set(++this.#lastId, { at: this.#now + ms, action });
      return this.#lastId;
    }) as unknown as typeof setTimeout;
    globalThis.clearTimeout = ((id: number) => this.#timers.delete(id)) as typeof clearTimeout;
    performance.now = () => this.#now;
  }

  /** Timers that have been set and are not due yet. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets `ms` go by: everything that is due happens, in its order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      const [id, { at, action }] = next;
      this.#timers.delete(id);
      this.#now = at;
      action();
    }
    this.#now = end;
  }

  #next(end: number): [number, Timer] | undefined {
    return [...this.#timers].filter(([, { at }]) => at <= end)
      .sort(([, a], [, b]) => a.at - b.at)[0];
  }

  [Symbol.dispose](): void {
    globalThis.setTimeout = this.#real.setTimeout;
    globalThis.clearTimeout = this.#real.clearTimeout;
    performance.now = this.#real.now;
  }
}
