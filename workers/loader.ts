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

/** Whatever has files loaded by a thread, one at a time. */
export interface Describer {
  /** What `module` declares. @throws {LoadError} When it cannot be used */
  describe(name: string, module: string): Promise<CatalogueEntry>;
}

/**
 * The entry that a thread was asked for.
 *
 * @param kill Ends the thread, which may be in an endless loop; called when the file takes too long
 * @throws {LoadError} When the file cannot be used, or the thread ends under it
 */
export async function entryWithin(
  asked: Promise<FromThread | LoadError>,
  kill: () => void,
): Promise<CatalogueEntry> {
  const { promise: late, resolve: giveUp } = Promise.withResolvers<LoadError>();
  const timer = setTimeout(() => {
    kill();
    giveUp(new LoadError(`The file takes longer than ${LOAD_WITHIN_MS / 1000} s to load`));
  }, LOAD_WITHIN_MS);
  const answer = await Promise.race([asked, late]);
  clearTimeout(timer);
  if (answer instanceof LoadError) throw answer;
  if (answer.type === "described") return answer.entry;
  if (answer.type === "not-described") throw new LoadError(answer.reason, answer.stack);
  throw new Error(`A thread that was to load a file answered '${answer.type}'`);
}

/** The loading thread while it lives. */
class LoadingThread {
  readonly link: ThreadLink;
  /** When it has started; its own start does not count against a file. */
  readonly ready: Promise<void>;
  #settle: ((message: FromThread | LoadError) => void) | undefined;

  constructor(start: StartThread, onEnd: () => void) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ready = promise;
    this.link = start((message) => {
      if (message.type === "ready") resolve();
      else this.#settle?.(message);
    }, (reason) => {
      resolve();
      onEnd();
      this.#settle?.(new LoadError(`The file ended its thread: ${reason}`));
    });
  }

  /** Asks for a description; a thread that ends meanwhile answers with why. */
  ask(name: string, module: string): Promise<FromThread | LoadError> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.link.send({ type: "describe", name, module });
    });
  }
}

/**
 * Loads operations' files in a thread of its own, which no job waits for: an endless loop at the top of a file costs
 * that thread and nothing else. The thread is there only while there is something to load.
 */
export class Loader implements Describer {
  readonly #start: StartThread;
  #thread: LoadingThread | undefined;

  constructor(start: StartThread) {
    this.#start = start;
  }

  async describe(name: string, module: string): Promise<CatalogueEntry> {
    this.#thread ??= this.#open();
    const thread = this.#thread;
    await thread.ready;
    return await entryWithin(thread.ask(name, module), () => this.release());
  }

  #open(): LoadingThread {
    const thread: LoadingThread = new LoadingThread(this.#start, () => {
      // By then another may have taken its place.
      if (this.#thread === thread) this.#thread = undefined;
    });
    return thread;
  }

  /** Ends the thread; the next file starts another. */
  release(): void {
    const thread = this.#thread;
    this.#thread = undefined;
    thread?.link.kill();
  }
}
