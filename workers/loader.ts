import type { CatalogueEntry } from "./catalogue.ts";
import type { FromThread } from "./messages.ts";
import type { StartThread, ThreadLink } from "./thread_link.ts";

/** How long a file may take to load, in ms. */
const LOAD_WITHIN_MS = 5000;

/** Why an operation's file cannot be used. */
export class LoadError extends Error {
  override readonly name = "LoadError";

  /** @param trace The stack of what the file threw, for telling the line */
  constructor(message: string, readonly trace?: string) {
    super(message);
  }
}

/**
 * Loads operations' files in a thread of its own, which no job waits for: an endless loop at the top of a file costs
 * that thread and nothing else. The thread is there only while there is something to load.
 */
export class Loader {
  readonly #start: StartThread;
  #link: ThreadLink | undefined;
  #settle: ((message: FromThread | LoadError) => void) | undefined;

  constructor(start: StartThread) {
    this.#start = start;
  }

  /** What `module` declares. One at a time. @throws {LoadError} When it cannot be used */
  async describe(name: string, module: string): Promise<CatalogueEntry> {
    const { promise, resolve } = Promise.withResolvers<FromThread | LoadError>();
    this.#settle = resolve;
    this.#link ??= this.#start((message) => {
      if (message.type !== "ready") this.#settle?.(message);
    }, (reason) => {
      this.#link = undefined;
      this.#settle?.(new LoadError(`The file ended its thread: ${reason}`));
    });
    const timer = setTimeout(() => {
      resolve(new LoadError(`The file takes longer than ${LOAD_WITHIN_MS / 1000} s to load`));
      this.release();
    }, LOAD_WITHIN_MS);
    this.#link.send({ type: "describe", name, module });
    const answer = await promise;
    clearTimeout(timer);
    if (answer instanceof LoadError) throw answer;
    if (answer.type === "described") return answer.entry;
    if (answer.type === "not-described") throw new LoadError(answer.reason, answer.stack);
    throw new Error(`The loading thread answered '${answer.type}'`);
  }

  /** Ends the thread; the next file starts another. */
  release(): void {
    const link = this.#link;
    this.#link = undefined;
    this.#settle = undefined;
    link?.kill();
  }
}
