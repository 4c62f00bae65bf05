import { Roster } from "./roster.ts";

/** Something to be done at a time, unless it is cleared before. */
export interface Timeout {
  clear(): void;
}

interface Pending extends Timeout {
  at: number;
  action: () => void;
}

/** Any number of timeouts on one timer: a timer of its own costs a small job as much as its computing. */
export class Timeouts {
  readonly #pending = new Roster<Pending>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the timer goes off; often there is nothing to do by then, which is cheaper than to set it anew. */
  #goesOffAt = Infinity;

  /** Does `action` in `ms` milliseconds. */
  add(ms: number, action: () => void): Timeout {
    const at = performance.now() + ms;
    const pending = { at, action, clear: () => void this.#pending.delete(pending) };
    this.#pending.add(pending);
    if (at < this.#goesOffAt) this.#set(at);
    return pending;
  }

  #set(at: number): void {
    clearTimeout(this.#timer);
    this.#goesOffAt = at;
    this.#timer = at === Infinity
      ? undefined
      : setTimeout(() => this.#look(), Math.max(0, at - performance.now()));
  }

  #look(): void {
    const now = performance.now();
    for (const pending of this.#pending) {
      if (pending.at > now) continue;
      this.#pending.delete(pending);
      pending.action();
    }
    this.#set(Math.min(...[...this.#pending].map(({ at }) => at)));
  }

  /** Forgets all of them. */
  clear(): void {
    this.#pending.clear();
    this.#set(Infinity);
  }
}
