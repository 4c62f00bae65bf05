import { OutboardError } from "./errors.ts";
import { Job, type JobRequest } from "./job.ts";
import type { Slice } from "./messages.ts";
import { Pool, type PoolOptions, type SliceFailure } from "./pool.ts";

export interface SchedulerOptions extends Omit<PoolOptions, "onIdle"> {
  /** Slices that may wait for a thread, over all sessions. */
  maxQueuedJobs: number;
}

interface Waiting {
  job: Job;
  index: number;
}

const SHORTEST_RETRY_MS = 20;
const LONGEST_RETRY_MS = 5000;

/** Hands slices of jobs to idle threads, session by session in turn. */
export class Scheduler {
  readonly pool: Pool;
  readonly #options: SchedulerOptions;
  /** Waiting slices by session; the sessions stand in the order of their turns. */
  readonly #queues = new Map<string, Waiting[]>();
  readonly #jobs = new Set<Job>();
  /** A running mean of what a job takes, for telling a refused client when to come back. */
  #meanComputeMs = 10;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.pool = new Pool({ ...options, onIdle: () => this.#dispatch() });
  }

  /** Unfinished jobs, oldest first. */
  get jobs(): readonly Job[] {
    return [...this.#jobs];
  }

  get counts(): { queued: number; running: number } {
    const running = this.jobs.filter((job) => job.running).length;
    return { queued: this.#jobs.size - running, running };
  }

  /** @throws {OutboardError} BUSY when the queue is full */
  submit(request: JobRequest): Job {
    if (this.counts.queued >= this.#options.maxQueuedJobs) {
      throw new OutboardError(
        "BUSY",
        `Cannot queue '${request.operation}': ${this.#options.maxQueuedJobs} jobs wait already`,
        { retryAfterMs: this.retryAfterMs() },
      );
    }
    const job = new Job(request);
    this.#jobs.add(job);
    const queue = this.#queues.get(request.session) ?? [];
    request.slices.forEach((_, index) => queue.push({ job, index }));
    this.#queues.set(request.session, queue);
    void job.ended.then(() => this.#jobs.delete(job));
    void job.outcome.then(({ computeMs }) => {
      this.#meanComputeMs += (computeMs - this.#meanComputeMs) / 8;
    }, () => {});
    this.#dispatch();
    return job;
  }

  /** When a refused client should ask again: about when the queue will have moved on. */
  retryAfterMs(): number {
    const estimate = this.#meanComputeMs * (1 + this.counts.queued / this.pool.size) / 2;
    return Math.round(Math.min(LONGEST_RETRY_MS, Math.max(SHORTEST_RETRY_MS, estimate)));
  }

  /** The next slice that still wants to run: one of the session whose turn it is, which then goes to the end. */
  #next(): Waiting | undefined {
    for (const [session, queue] of this.#queues) {
      const next = queue.shift();
      this.#queues.delete(session);
      if (queue.length > 0) this.#queues.set(session, queue);
      if (next?.job.isQueued(next.index)) return next;
    }
    return undefined;
  }

  #dispatch(): void {
    while (this.pool.idleCount > 0) {
      const next = this.#next();
      if (next === undefined) return;
      this.#start(next);
    }
  }

  #start({ job, index }: Waiting): void {
    const { request } = job;
    const started = this.pool.run(
      request.slices[index] as Slice,
      (fraction, message) => job.progress(index, fraction, message),
    );
    if (started === undefined) throw new Error("No idle thread although one was counted");
    const seconds = request.timeoutMs / 1000;
    job.begin(index, started.kill, () =>
      job.cancel(
        new OutboardError(
          "TIMEOUT",
          `Operation '${request.operation}' ran over its time of ${seconds} s and was stopped`,
          { timeoutSeconds: seconds },
        ),
      ));
    started.result.then(
      (result) => job.done(index, result),
      (failure: SliceFailure) => job.failed(index, failure),
    );
  }

  /** Cancels every job and ends the threads. */
  async stop(error: OutboardError): Promise<void> {
    for (const job of this.#jobs) job.cancel(error);
    await this.pool.stop();
  }
}
