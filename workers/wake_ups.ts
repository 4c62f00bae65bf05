import { setImmediate } from "node:timers";

export interface Sleeper {
  wake(): void;
}

/**
 * Wakes threads at the end of main's turn, each once for all that it has been given in it: to wake one takes main about
 * as long as to check a small job, and every message that has come is handled in the same turn.
 */
export class WakeUps {
  readonly #due: Sleeper[] = [];

  /** @param thread To be woken when the turn ends */
  add(thread: Sleeper): void {
    if (this.#due.includes(thread)) return;
    this.#due.push(thread);
    if (this.#due.length === 1) setImmediate(() => this.#wakeAll());
  }

  #wakeAll(): void {
    for (const thread of this.#due.splice(0)) thread.wake();
  }
}
