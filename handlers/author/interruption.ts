/** One Ctrl-C may arrive twice, from the terminal and from the task runner, in ms. */
const SAME_SIGNAL_MS = 250;

const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM"];

/** Ctrl-C: at first a request, at the second time an order. */
export class Interruption implements Disposable {
  #at: number | undefined;
  #first: () => void = () => {};
  #again: () => void = () => {};
  readonly #listener = (): void => {
    const now = performance.now();
    if (this.#at === undefined) {
      this.#at = now;
      this.#first();
    } else if (now - this.#at > SAME_SIGNAL_MS) this.#again();
  };

  constructor() {
    for (const signal of SIGNALS) Deno.addSignalListener(signal, this.#listener);
  }

  get came(): boolean {
    return this.#at !== undefined;
  }

  follow({ first, again }: { first: () => void; again: () => void }): void {
    this.#first = first;
    this.#again = again;
  }

  [Symbol.dispose](): void {
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, this.#listener);
  }
}
