import type { ArrayRef } from "./array.ts";
import { CANCEL_GRACE_MS, PROGRESS_INTERVAL_MS } from "./constants.ts";
import { OutboardError } from "./errors.ts";
import type { Slice, SliceFailure, SliceResult } from "./messages.ts";
import type { ProgressListener, SliceRun } from "./slice_run.ts";
import type { Timeout } from "./timeouts.ts";

export interface JobRequest {
  /** The session that asks; threads are shared out fairly between sessions. */
  session: string;
  operation: string;
  /** The client's own name for the job. */
  job?: string;
  /** The parts that make up the job; all write into the same outputs. */
  slices: Slice[];
  /** Slices are not to be run before they are released. */
  held?: boolean;
  timeoutMs: number;
  onProgress: ProgressListener;
  /** The rows of slice `index` are in the outputs. */
  onSlice?: (index: number) => void;
  /** The stack of an operation's own exception, for the log. */
  onStack: (stack: string) => void;
}

export interface JobOutcome {
  /** Outputs that only the run could size, allocated by the thread. */
  allocated: Record<string, ArrayRef>;
  /** All outputs as the text of a JSON object, where the slice asked for that. */
  text?: string;
  queueMs: number;
  computeMs: number;
}

type Part =
  | { state: "held" }
  | { state: "queued" }
  | { state: "running"; run: SliceRun; fraction: number; stopping: boolean }
  | { state: "done"; result: SliceResult }
  | { state: "failed"; failure: SliceFailure }
  | { state: "dropped" };

/** One run of an operation, made of one or more slices. */
export class Job {
  readonly request: JobRequest;
  readonly submitted = performance.now();
  /** Settles once, as soon as the client can be answered: a cancelled job does not wait for its threads. */
  readonly outcome: Promise<JobOutcome>;
  /** When no thread touches the job's arrays any more; false if one had to be killed in the middle of a write. */
  readonly ended: Promise<boolean>;
  readonly #parts: Part[];
  readonly #settle: {
    resolve: (outcome: JobOutcome) => void;
    reject: (error: OutboardError) => void;
  };
  readonly #end: (clean: boolean) => void;
  #started: number | undefined;
  /** Since when it computes without a pause; undefined while it does not. */
  #resumed: number | undefined;
  #computedMs = 0;
  #deadline: Timeout | undefined;
  #grace: ReturnType<typeof setTimeout> | undefined;
  #clean = true;
  #lastProgress = 0;

  constructor(request: JobRequest) {
    this.request = request;
    this.#parts = request.slices.map(() => ({ state: request.held ? "held" : "queued" }));
    const outcome = Promise.withResolvers<JobOutcome>();
    this.outcome = outcome.promise;
    this.#settle = outcome;
    const ended = Promise.withResolvers<boolean>();
    this.ended = ended.promise;
    this.#end = ended.resolve;
    // A job that nobody waits for any more must not end the process by its rejection.
    this.outcome.catch(() => {});
  }

  get running(): boolean {
    return this.#parts.some((part) => part.state === "running");
  }

  isQueued(index: number): boolean {
    return this.#parts[index]?.state === "queued";
  }

  /** What slice `index` needs is there. @returns Whether it wants a thread */
  release(index: number): boolean {
    if (this.#parts[index]?.state !== "held") return false;
    this.#parts[index] = { state: "queued" };
    return true;
  }

  /** A thread has taken slice `index`. With the first the job's time begins, or goes on after a pause. */
  begin(index: number, run: SliceRun, startTimeout: (ms: number) => Timeout): void {
    this.#parts[index] = { state: "running", run, fraction: 0, stopping: false };
    if (this.#resumed !== undefined) return;
    this.#resumed = performance.now();
    this.#started ??= this.#resumed;
    this.#deadline = startTimeout(this.request.timeoutMs - this.#computedMs);
  }

  /** Nothing runs before more of the inputs has come: that does not count against its time. */
  #pause(): void {
    if (this.running || !this.#parts.some(({ state }) => state === "held")) return;
    this.#computedMs = this.#computeMs;
    this.#resumed = undefined;
    this.#deadline?.clear();
  }

  get #computeMs(): number {
    return this.#computedMs + performance.now() - (this.#resumed ?? performance.now());
  }

  /** The thread that took slice `index` has not begun it and will not. @returns Whether it still wants one */
  returned(index: number): boolean {
    const part = this.#parts[index];
    const wanted = part?.state === "running" && !part.stopping;
    this.#parts[index] = { state: wanted ? "queued" : "dropped" };
    if (this.#parts.every(({ state }) => state === "queued" || state === "held")) {
      // Waiting does not count against its time.
      this.#started = this.#resumed = undefined;
      this.#deadline?.clear();
    } else this.#pause();
    this.#finishIfLast();
    return wanted;
  }

  progress(index: number, fraction: number, message?: string): void {
    const part = this.#parts[index];
    if (part?.state !== "running") return;
    part.fraction = fraction;
    const now = performance.now();
    if (now - this.#lastProgress < PROGRESS_INTERVAL_MS) return;
    this.#lastProgress = now;
    let sum = 0;
    for (const each of this.#parts) {
      sum += each.state === "done" ? 1 : each.state === "running" ? each.fraction : 0;
    }
    this.request.onProgress(sum / this.#parts.length, message);
  }

  done(index: number, result: SliceResult): void {
    this.#parts[index] = { state: "done", result };
    this.#pause();
    this.request.onSlice?.(index);
    this.#finishIfLast();
  }

  failed(index: number, failure: SliceFailure): void {
    if (failure.failure.code === "THREAD_DIED") this.#clean = false;
    this.#parts[index] = { state: "failed", failure };
    this.#pause();
    // Only the slices behind it: of several failures the first row's is the one that is told, on any number of threads.
    this.#stop(index + 1);
    this.#finishIfLast();
  }

  /** Answers the job with `error` now and stops its threads: by the flag first, killed if they do not look at it. */
  cancel(error: OutboardError): void {
    this.#settle.reject(error);
    this.#stop(0);
    this.#finishIfLast();
  }

  #stop(from: number): void {
    let anyRunning = false;
    for (const [index, part] of this.#parts.entries()) {
      if (index < from) continue;
      if (part.state === "queued" || part.state === "held") {
        this.#parts[index] = { state: "dropped" };
      }
      if (part.state !== "running") continue;
      if (part.run.withdraw()) {
        this.#parts[index] = { state: "dropped" };
        continue;
      }
      part.stopping = true;
      anyRunning = true;
      part.run.cancel();
    }
    if (!anyRunning) return;
    // A later stop may take in more slices: each gets its full time to look at the flag.
    clearTimeout(this.#grace);
    this.#grace = setTimeout(() => {
      for (const part of this.#parts) {
        if (part.state === "running" && part.stopping) part.run.kill();
      }
    }, CANCEL_GRACE_MS);
  }

  #finishIfLast(): void {
    const unfinished = ["held", "queued", "running"];
    if (this.#parts.some(({ state }) => unfinished.includes(state))) return;
    this.#deadline?.clear();
    clearTimeout(this.#grace);
    const failed = this.#parts.find((part) => part.state === "failed");
    if (failed !== undefined) {
      const { failure, stack } = failed.failure;
      if (stack !== undefined) this.request.onStack(stack);
      this.#settle.reject(OutboardError.from(failure));
    } else {
      const allocated: Record<string, ArrayRef> = {};
      let text: string | undefined;
      for (const part of this.#parts) {
        if (part.state !== "done") continue;
        Object.assign(allocated, part.result.allocated);
        text = part.result.text;
      }
      this.#settle.resolve({
        allocated,
        ...(text === undefined ? {} : { text }),
        queueMs: (this.#started ?? performance.now()) - this.submitted,
        computeMs: this.#computeMs,
      });
    }
    this.#end(this.#clean);
  }
}
