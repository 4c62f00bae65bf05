import { Piscina } from "piscina";
import { OutboardError } from "./errors.ts";
import { type Describer, entryWithin, Loader, LoadError } from "./loader.ts";
import type { FromThread, Slice, SliceResult } from "./messages.ts";
import type { StartThread, ThreadLink } from "./thread_link.ts";

/** How long to wait before a thread that never became ready is tried again, in ms. */
const RESPAWN_MS = 1000;

export type ProgressListener = (fraction: number, message?: string) => void;

/** A failure of an operation with the stack that belongs into the log, not into the answer. */
export interface SliceFailure {
  error: OutboardError;
  stack?: string;
}

interface Running {
  resolve(result: SliceResult): void;
  reject(failure: SliceFailure): void;
  progress: ProgressListener;
}

/** One worker thread as main sees it: a link, and the slice that it computes. */
class Thread {
  readonly index: number;
  readonly link: ThreadLink;
  ready = false;
  killed = false;
  running: Running | undefined;
  readonly pings = new Map<number, () => void>();
  /** Who waits for what a file declares. */
  described: ((answer: FromThread | LoadError) => void) | undefined;

  constructor(index: number, start: (thread: Thread) => ThreadLink) {
    this.index = index;
    this.link = start(this);
  }

  get idle(): boolean {
    return this.ready && !this.killed && this.running === undefined;
  }

  kill(): void {
    this.killed = true;
    this.link.kill();
  }

  /** Ends the slice, if there is one; the thread is free again. */
  settle(): Running | undefined {
    const running = this.running;
    this.running = undefined;
    return running;
  }
}

export interface PoolOptions {
  threads: number;
  /** A thread has become free. */
  onIdle: () => void;
  /** A thread has ended unasked or was killed, and is being replaced. */
  onReplaced: (thread: number, reason: string) => void;
}

/**
 * The worker threads. Piscina owns their life: it starts each with one task that stays (workers/thread.ts), kills it
 * when the task is aborted, and starts the next. Jobs go through the resident task's port.
 */
export class Pool {
  readonly #piscina: Piscina;
  readonly #options: PoolOptions;
  readonly #threads: (Thread | undefined)[];
  /** Loads operations' files, in a thread beside those that compute. */
  readonly loader: Loader;
  #modules: readonly string[] = [];
  #stopping = false;
  #respawn: ReturnType<typeof setTimeout> | undefined;
  #nonce = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#threads = new Array(options.threads).fill(undefined);
    this.#piscina = new Piscina({
      filename: new URL("./thread.ts", import.meta.url).href,
      minThreads: options.threads,
      maxThreads: options.threads + 1, // One more to load files in.
      concurrentTasksPerWorker: 1,
      // The default waits in Atomics.wait inside the threads: under Deno they then cannot be ended, and with telemetry
      // on the process hangs at exit.
      atomics: "disabled",
      // An empty environment: the default copies all of it, which the sandbox would have to allow.
      env: {},
    });
    this.loader = new Loader(this.#startThread);
  }

  readonly #startThread: StartThread = (onMessage, onEnd) => {
    const { port1, port2 } = new MessageChannel();
    const abort = new AbortController();
    port1.onmessage = (event: MessageEvent<FromThread>) => onMessage(event.data);
    this.#piscina
      .run({ port: port2 }, { transferList: [port2 as never], signal: abort.signal })
      .catch((error: unknown) => {
        port1.close();
        onEnd(error instanceof Error ? error.message : String(error));
      });
    return {
      send: (message) => port1.postMessage(message),
      kill: () => abort.abort(),
    };
  };

  get size(): number {
    return this.#threads.length;
  }

  /** For every thread, whether it computes. */
  get busy(): boolean[] {
    return this.#threads.map((thread) => thread?.running !== undefined);
  }

  get idleCount(): number {
    return this.#threads.filter((thread) => thread?.idle).length;
  }

  /** Starts every thread and waits for the first that is ready. */
  async start(): Promise<void> {
    const first = Promise.withResolvers<void>();
    for (let index = 0; index < this.size; index++) this.#spawn(index, first.resolve, first.reject);
    await first.promise;
  }

  #spawn(index: number, onReady: () => void, onFailed: (error: unknown) => void): void {
    this.#threads[index] = new Thread(index, (thread) =>
      this.#startThread((message) => {
        if (message.type === "ready") onReady();
        this.#receive(thread, message);
      }, (reason) => {
        onFailed(new Error(reason));
        this.#replace(thread, reason);
      }));
  }

  #receive(thread: Thread, message: FromThread): void {
    switch (message.type) {
      case "ready":
        thread.ready = true;
        thread.link.send({ type: "load", modules: this.#modules });
        return this.#options.onIdle();
      case "progress":
        return thread.running?.progress(message.fraction, message.message);
      case "done":
        thread.settle()?.resolve(message.result);
        return this.#options.onIdle();
      case "failed": {
        const { failure, stack } = message;
        thread.settle()?.reject({
          error: OutboardError.from(failure),
          ...(stack === undefined ? {} : { stack }),
        });
        return this.#options.onIdle();
      }
      case "pong":
        thread.pings.get(message.nonce)?.();
        return;
      case "described":
      case "not-described":
        return thread.described?.(message);
    }
  }

  /** Answers what a dead thread leaves behind and starts its successor. */
  #replace(thread: Thread, reason: string): void {
    const wasKilled = thread.killed;
    const wasReady = thread.ready;
    thread.ready = false;
    thread.settle()?.reject({
      error: new OutboardError(
        "THREAD_DIED",
        wasKilled
          ? "The worker thread was stopped"
          : `The worker thread died under the job: ${reason}`,
      ),
    });
    thread.described?.(new LoadError(`The file ended its thread: ${reason}`));
    if (this.#stopping) return;
    this.#options.onReplaced(thread.index, wasKilled ? "killed" : reason);
    const spawn = (): void => this.#spawn(thread.index, () => {}, () => {});
    if (wasReady) return spawn();
    // A thread that cannot even start would otherwise be started again as fast as it fails.
    this.#respawn = setTimeout(spawn, RESPAWN_MS);
  }

  /**
   * The computing threads as loaders of files, for the start: no job waits yet, and each thread needs the files anyway.
   */
  get describers(): Describer[] {
    return this.#threads.map((_, index) => ({
      describe: (name, module) => {
        const thread = this.#threads[index] as Thread;
        const asked = new Promise<FromThread | LoadError>((resolve) => thread.described = resolve);
        thread.link.send({ type: "describe", name, module });
        return entryWithin(asked, () => thread.kill());
      },
    }));
  }

  /** Has every thread load these modules ahead, so that its first job is not slower than the others. */
  preload(modules: readonly string[]): void {
    this.#modules = modules;
    for (const thread of this.#threads) {
      if (thread?.ready) thread.link.send({ type: "load", modules });
    }
  }

  /**
   * Runs a slice on an idle thread, if there is one.
   *
   * @returns What comes of it, and how to kill it; undefined when every thread is busy
   */
  run(slice: Slice, progress: ProgressListener):
    | { thread: number; result: Promise<SliceResult>; kill: () => void }
    | undefined {
    const thread = this.#threads.find((candidate) => candidate?.idle);
    if (thread === undefined) return undefined;
    const { promise, resolve, reject } = Promise.withResolvers<SliceResult>();
    thread.running = { resolve, reject, progress };
    thread.link.send({ type: "run", slice });
    return { thread: thread.index, result: promise, kill: () => thread.kill() };
  }

  /** Asks every thread for a sign of life and waits at most `withinMs`; true for those that answered. */
  async ping(withinMs: number): Promise<boolean[]> {
    const nonce = this.#nonce++;
    const answered: boolean[] = new Array(this.size).fill(false);
    const { promise: late, resolve: giveUp } = Promise.withResolvers<void>();
    const timer = setTimeout(giveUp, withinMs);
    const answers = this.#threads.map((thread, index) =>
      new Promise<void>((resolve) => {
        if (thread === undefined) return resolve();
        thread.pings.set(nonce, () => {
          answered[index] = true;
          resolve();
        });
        thread.link.send({ type: "ping", nonce });
      })
    );
    await Promise.race([Promise.all(answers), late]);
    clearTimeout(timer);
    for (const thread of this.#threads) thread?.pings.delete(nonce);
    return answered;
  }

  /** Ends every thread, busy or not. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#respawn);
    this.loader.release();
    for (const thread of this.#threads) thread?.kill();
    await this.#piscina.destroy();
  }
}
