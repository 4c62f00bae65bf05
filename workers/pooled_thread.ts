import type { BlockNumbers } from "./block_numbers.ts";
import { raiseCancel } from "./cancel_signal.ts";
import type { LoadError } from "./loader.ts";
import type { FromThread, Slice, SliceFailure, SliceResult } from "./messages.ts";
import { Ring, SLOTS, STATE } from "./ring.ts";
import { Roster } from "./roster.ts";
import { toSent } from "./sent_slice.ts";
import type { SliceListener, SliceRun } from "./slice_run.ts";
import type { ThreadLink } from "./thread_link.ts";
import { memoryOf } from "./wasm_memory.ts";

interface Run extends SliceRun {
  request: number;
  listener: SliceListener;
  /** What it will probably take, in ms; undefined when nobody knows or it is long. */
  expectedMs: number | undefined;
}

/** One worker thread as main sees it: a link, a ring, the blocks that it knows, and the slices that it has been given. */
export class PooledThread {
  readonly index: number;
  readonly link: ThreadLink;
  /** When it has started, or ended before that. */
  readonly started: Promise<void>;
  readonly #start: () => void;
  ready = false;
  killed = false;
  readonly pings = new Map<number, () => void>();
  /** Who waits for what a file declares. */
  described: ((answer: FromThread | LoadError) => void) | undefined;
  /** How many blocks it knew when it last answered a ping. */
  knownBlocks = 0;
  readonly #numbers: BlockNumbers;
  readonly #sentBlocks = new Set<number>();
  readonly #ring = new Ring();
  /** Given and not heard of yet. */
  readonly #runs = new Roster<Run>();
  #nextRequest = 0;
  #nextAnswer = 0;

  constructor(
    index: number,
    numbers: BlockNumbers,
    start: (thread: PooledThread, ring: Ring) => ThreadLink,
  ) {
    this.index = index;
    this.#numbers = numbers;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.started = promise;
    this.#start = resolve;
    this.link = start(this, this.#ring);
  }

  /** It is there and listens. */
  begin(): void {
    this.ready = true;
    this.#start();
  }

  get takesWork(): boolean {
    return this.ready && !this.killed && this.#nextRequest - this.#nextAnswer < SLOTS;
  }

  /** How many slices it has. */
  get load(): number {
    return this.#runs.size;
  }

  /** How long it will be at what it has, in ms; Infinity when nobody knows. */
  get expectedMs(): number {
    let sum = 0;
    for (const { expectedMs } of this.#runs) sum += expectedMs ?? Infinity;
    return sum;
  }

  /** The slice that it is at, or will be at next. */
  get oldestRequest(): number | undefined {
    return this.#runs.first?.request;
  }

  /** Gives it a slice, which it sees when it wakes. */
  run(slice: Slice, listener: SliceListener, expectedMs: number | undefined): SliceRun {
    const request = this.#nextRequest++;
    const run = {
      request,
      listener,
      expectedMs,
      thread: this.index,
      withdraw: () => this.#withdraw(run),
      cancel: () => {
        if (this.#runs.has(run)) raiseCancel(this.#ring.cancelFlag(request));
      },
      kill: () => this.kill(),
    };
    this.#runs.add(run);
    const text = JSON.stringify(toSent(slice, this.#send));
    Atomics.store(this.#ring.cancelFlag(request), 0, 0);
    if (!this.#ring.write(request, text)) this.link.send({ type: "request", request, text });
    this.#ring.setState(request, STATE.QUEUED);
    return run;
  }

  /** Wakes it, if it sleeps, for what it has been given. */
  wake(): void {
    this.#ring.bell.ring();
  }

  #withdraw(run: Run): boolean {
    return this.#ring.withdraw(run.request) && this.#runs.delete(run);
  }

  /** Takes back what the thread has not begun. What it is at takes longer than was thought. */
  returnQueued(): void {
    for (const run of this.#runs) {
      run.expectedMs = undefined;
      if (run.withdraw()) run.listener.returned();
    }
  }

  /** The number of a block that the thread knows, from now on at the latest. */
  readonly #send = (buffer: SharedArrayBuffer): number => {
    const block = this.#numbers.of(buffer);
    if (!this.#sentBlocks.has(block)) {
      this.#sentBlocks.add(block);
      this.link.send({ type: "block", block, memory: memoryOf(buffer) ?? buffer });
    }
    return block;
  };

  /** The block will never be referred to again. */
  forget(buffer: SharedArrayBuffer): void {
    const block = this.#numbers.of(buffer);
    if (this.#sentBlocks.delete(block)) this.link.send({ type: "forget", block });
  }

  /** Whether it is worth the thread's while to look out for the next request before it goes to sleep. */
  set spin(worthwhile: boolean) {
    this.#ring.spin = worthwhile;
  }

  /** Whether there are slots whose answers have not been collected. */
  get owesAnswers(): boolean {
    return this.#nextAnswer < this.#nextRequest;
  }

  /** Whether the next answer is there. */
  get hasAnswer(): boolean {
    if (!this.owesAnswers) return false;
    const state = this.#ring.stateOf(this.#nextAnswer);
    return state === STATE.PASSED ||
      state === STATE.DONE || state === STATE.FAILED || state === STATE.POSTED;
  }

  /** Takes all answers that are there. */
  collect(): void {
    for (; this.hasAnswer; this.#nextAnswer++) this.#take(this.#nextAnswer);
  }

  #take(request: number): void {
    const state = this.#ring.stateOf(request);
    const ms = this.#ring.timeOf(request);
    const text = this.#ring.read(request);
    this.#ring.setState(request, STATE.FREE);
    // What was posted comes through the port, what was withdrawn is settled already.
    if (state === STATE.FAILED) this.#settle(request)?.failed(JSON.parse(text));
    if (state !== STATE.DONE) return;
    const result = text === "" ? { allocated: {} } : { allocated: {}, text };
    this.#settle(request)?.done(result, ms);
  }

  #settle(request: number): SliceListener | undefined {
    const run = this.#find(request);
    if (run !== undefined) this.#runs.delete(run);
    return run?.listener;
  }

  #find(request: number): Run | undefined {
    return this.#runs.find((run) => run.request === request);
  }

  progress(request: number, fraction: number, message?: string): void {
    this.#find(request)?.listener.progress(fraction, message);
  }

  /** Takes an answer that came through the port. */
  answer(request: number, answer: SliceFailure | { result: SliceResult; ms: number }): void {
    const listener = this.#settle(request);
    if ("failure" in answer) listener?.failed(answer);
    else listener?.done(answer.result, answer.ms);
  }

  kill(): void {
    this.killed = true;
    this.link.kill();
  }

  /** The thread is gone: what it has not begun needs another, what it was at has failed. */
  end(reason: SliceFailure): void {
    this.ready = false;
    this.#start();
    this.collect();
    this.returnQueued();
    for (const { request } of this.#runs) this.#settle(request)?.failed(reason);
    this.#nextAnswer = this.#nextRequest;
  }
}
