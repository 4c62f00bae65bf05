import { Piscina } from "piscina";
import { BlockNumbers } from "./block_numbers.ts";
import { chooseThread } from "./choose_thread.ts";
import { Doorbell } from "./doorbell.ts";
import { type Describer, entryWithin, Loader, LoadError } from "./loader.ts";
import { LoneSlices } from "./lone_slices.ts";
import type { FromThread, Slice } from "./messages.ts";
import { PooledThread } from "./pooled_thread.ts";
import type { SliceListener, SliceRun } from "./slice_run.ts";
import type { StartThread } from "./thread_link.ts";
import { WakeUps } from "./wake_ups.ts";

/** How long to wait before a thread that never became ready is tried again, in ms. */
const RESPAWN_MS = 1000;

/** After this long, in ms, a slice that turned out long no longer holds up the small ones behind it. */
const PATIENCE_MS = 5;

export interface PoolOptions {
  threads: number;
  /** A thread may be able to take another slice. */
  onIdle: () => void;
  /** A thread has ended unasked or was killed, and is being replaced. */
  onReplaced: (thread: number, reason: string) => void;
}

/**
 * The worker threads. Piscina owns their life: it starts each with one task that stays (workers/thread.ts), kills it
 * when the task is aborted, and starts the next. Slices go through a ring in shared memory; see ring.ts.
 */
export class Pool {
  readonly #piscina: Piscina;
  readonly #options: PoolOptions;
  readonly #threads: (PooledThread | undefined)[];
  readonly #blocks = new BlockNumbers();
  /** Rung by every thread that has written an answer. */
  readonly #bellBuffer = new SharedArrayBuffer(Doorbell.BYTES);
  readonly #bell = new Doorbell(this.#bellBuffer);
  #listening = false;
  readonly #lone = new LoneSlices();
  readonly #wakeUps = new WakeUps();
  /** Loads operations' files, in a thread beside those that compute. */
  readonly loader: Loader;
  #modules: readonly string[] = [];
  #stopping = false;
  #respawn: ReturnType<typeof setTimeout> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
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

  readonly #startThread: StartThread = (onMessage, onEnd, ring) => {
    const { port1, port2 } = new MessageChannel();
    const abort = new AbortController();
    port1.onmessage = (event: MessageEvent<FromThread>) => onMessage(event.data);
    this.#piscina
      .run({ port: port2, ring: ring?.buffer, bell: this.#bellBuffer }, {
        transferList: [port2 as never],
        signal: abort.signal,
      })
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
    return this.#threads.map((thread) => thread !== undefined && thread.load > 0);
  }

  /** Starts every thread and waits for the first that is ready. */
  async start(): Promise<void> {
    const first = Promise.withResolvers<void>();
    for (let index = 0; index < this.size; index++) this.#spawn(index, first.resolve, first.reject);
    await first.promise;
  }

  #spawn(index: number, onReady: () => void, onFailed: (error: unknown) => void): void {
    this.#threads[index] = new PooledThread(
      index,
      this.#blocks,
      (thread, ring) =>
        this.#startThread(
          (message) => {
            if (message.type === "ready") onReady();
            this.#receive(thread, message);
          },
          (reason) => {
            onFailed(new Error(reason));
            this.#replace(thread, reason);
          },
          ring,
        ),
    );
  }

  #receive(thread: PooledThread, message: FromThread): void {
    switch (message.type) {
      case "ready":
        thread.begin();
        thread.link.send({ type: "load", modules: this.#modules });
        return this.#options.onIdle();
      case "progress":
        return thread.progress(message.request, message.fraction, message.message);
      case "answer":
        thread.answer(message.request, message.answer);
        return this.#options.onIdle();
      case "pong":
        thread.knownBlocks = message.blocks;
        thread.pings.get(message.nonce)?.();
        return;
      case "described":
      case "not-described":
        return thread.described?.(message);
    }
  }

  /** Answers what a dead thread leaves behind and starts its successor. */
  #replace(thread: PooledThread, reason: string): void {
    const wasReady = thread.ready;
    const message = thread.killed
      ? "The worker thread was stopped"
      : `The worker thread died under the job: ${reason}`;
    thread.end({ failure: { code: "THREAD_DIED", message } });
    // Whoever listens for answers may wait for this thread's.
    this.#bell.ring();
    thread.described?.(new LoadError(`The file ended its thread: ${reason}`));
    if (this.#stopping) return;
    this.#options.onReplaced(thread.index, thread.killed ? "killed" : reason);
    const spawn = (): void => this.#spawn(thread.index, () => {}, () => {});
    // A thread that cannot even start would otherwise be started again as fast as it fails.
    if (wasReady) spawn();
    else this.#respawn = setTimeout(spawn, RESPAWN_MS);
    this.#options.onIdle();
  }

  /**
   * The computing threads as loaders of files, for the start: no job waits yet, and each thread needs the files anyway.
   */
  get describers(): Describer[] {
    return this.#threads.map((_, index) => ({
      describe: async (name, module) => {
        const thread = this.#threads[index] as PooledThread;
        await thread.started; // Its own start does not count against a file.
        const asked = new Promise<FromThread | LoadError>((resolve) => thread.described = resolve);
        thread.link.send({ type: "describe", name, module });
        return await entryWithin(asked, () => thread.kill());
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
   * Gives a slice to a thread: to an idle one, or, when it is known to be small, to one that has only small ones.
   *
   * @param expectedMs What it will probably take; undefined when nobody knows or it is long
   * @returns How to stop it; undefined when every thread is busy
   */
  run(slice: Slice, listener: SliceListener, expectedMs: number | undefined): SliceRun | undefined {
    const thread = chooseThread(this.#threads, expectedMs);
    if (thread === undefined) return undefined;
    if (thread.load > 0) this.#startPatience();
    thread.spin = !this.#listening;
    const run = thread.run(slice, listener, expectedMs);
    this.#lone.give(expectedMs);
    // A thread that gets a long slice is not to lose a moment.
    if (this.#listening && expectedMs !== undefined) this.#wakeUps.add(thread);
    else thread.wake();
    if (!this.#listening) {
      this.#listening = true;
      // Not before the caller has what it was given.
      queueMicrotask(() => void this.#listen());
    }
    return run;
  }

  /** Collects answers as they come, as long as any are owed. */
  async #listen(): Promise<void> {
    const has = (): boolean => this.#threads.some((thread) => thread?.hasAnswer);
    while (this.#threads.some((thread) => thread?.owesAnswers)) {
      if (!this.#lone.spots(has)) await this.#bell.wait(has);
      if (!has()) continue;
      for (const thread of this.#threads) thread?.collect();
      this.#options.onIdle();
    }
    this.#lone.end();
    this.#listening = false;
  }

  /** Takes small slices back from behind one that turns out long. */
  #startPatience(): void {
    if (this.#patience !== undefined) return;
    const oldest = this.#threads.map((thread) => thread?.oldestRequest);
    this.#patience = setTimeout(() => {
      this.#patience = undefined;
      for (const [index, thread] of this.#threads.entries()) {
        if (thread === undefined || thread.load < 2) continue;
        if (thread.oldestRequest === oldest[index]) thread.returnQueued();
        else this.#startPatience();
      }
      this.#options.onIdle();
    }, PATIENCE_MS);
  }

  /** Has every thread let go of a block of shared memory that no job uses any more. */
  forget(buffer: SharedArrayBuffer): void {
    for (const thread of this.#threads) thread?.forget(buffer);
  }

  /** How many blocks every thread knew when it last answered a ping. */
  get knownBlocks(): number[] {
    return this.#threads.map((thread) => thread?.knownBlocks ?? 0);
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
    clearTimeout(this.#patience);
    this.loader.release();
    for (const thread of this.#threads) thread?.kill();
    await this.#piscina.destroy();
  }
}
