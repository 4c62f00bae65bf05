import { OutboardError } from "./errors.ts";
import { Job, type JobRequest } from "./job.ts";
import type { Slice } from "./messages.ts";
import { OperationCosts } from "./operation_costs.ts";
import { Pool, type PoolOptions } from "./pool.ts";
import { Roster } from "./roster.ts";
import { Timeouts } from "./timeouts.ts";

export interface SchedulerOptions extends Omit<PoolOptions, "onIdle"> {
  /** Slices that may wait for a thread, over all sessions. */
  maxQueuedJobs: number;
}

interface Waiting {
  job: Job;
  index: number;
}

interface Queue {
  session: string;
  waiting: Waiting[];
}

const SHORTEST_RETRY_MS = 20;
const LONGEST_RETRY_MS = 5000;

function stopLate(job: Job): void {
  const { operation, timeoutMs } = job.request;
  const seconds = timeoutMs / 1000;
  job.cancel(
    new OutboardError(
      "TIMEOUT",
      `Operation '${operation}' ran over its time of ${seconds} s and was stopped`,
      { timeoutSeconds: seconds },
    ),
  );
}

/** Hands slices of jobs to idle threads, session by session in turn. */
export class Scheduler {
  readonly pool: Pool;
  readonly #options: SchedulerOptions;
  /** The sessions that have waiting slices, in the order of their turns. */
  readonly #queues: Queue[] = [];
  readonly #jobs = new Roster<Job>();
  readonly #costs = new OperationCosts();
  readonly #timeouts = new Timeouts();
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
    const { maxQueuedJobs } = this.#options;
    if (this.#jobs.size >= maxQueuedJobs && this.counts.queued >= maxQueuedJobs) {
      throw new OutboardError(
        "BUSY",
        `Cannot queue '${request.operation}': ${maxQueuedJobs} jobs wait already`,
        { retryAfterMs: this.retryAfterMs() },
      );
    }
    const job = new Job(request);
    this.#jobs.add(job);
    request.slices.forEach((_, index) => this.#enqueue(job, index));
    void job.ended.then(() => this.#jobs.delete(job));
    void job.outcome.then(({ computeMs }) => {
      this.#meanComputeMs += (computeMs - this.#meanComputeMs) / 8;
    }, () => {});
    this.#dispatch();
    return job;
  }

  /** What slice `index` of a job that was submitted with held slices needs is there. */
  release(job: Job, index: number): void {
    if (!job.release(index)) return;
    this.#enqueue(job, index);
    this.#dispatch();
  }

  #enqueue(job: Job, index: number): void {
    if (job.isQueued(index)) this.#queueOf(job.request.session).waiting.push({ job, index });
  }

  /** When a refused client should ask again: about when the queue will have moved on. */
  retryAfterMs(): number {
    const estimate = this.#meanComputeMs * (1 + this.counts.queued / this.pool.size) / 2;
    return Math.round(Math.min(LONGEST_RETRY_MS, Math.max(SHORTEST_RETRY_MS, estimate)));
  }

  /** What waits of a session, which has its turn after all others if nothing did. */
  #queueOf(session: string): Queue {
    const found = this.#queues.find((queue) => queue.session === session);
    if (found !== undefined) return found;
    const queue = { session, waiting: [] };
    this.#queues.push(queue);
    return queue;
  }

  /** The next slice that still wants to run: one of the session whose turn it is. */
  #next(): Waiting | undefined {
    for (let queue = this.#queues[0]; queue !== undefined; queue = this.#queues[0]) {
      const [next] = queue.waiting;
      if (next?.job.isQueued(next.index)) return next;
      queue.waiting.shift();
      if (next === undefined) this.#queues.shift();
    }
    return undefined;
  }

  /** The session has had its turn and goes to the end. */
  #endTurn(): void {
    const queue = this.#queues.shift() as Queue;
    queue.waiting.shift();
    if (queue.waiting.length > 0) this.#queues.push(queue);
  }

  #dispatch(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      if (!this.#start(next)) return;
      this.#endTurn();
    }
  }

  /** Gives a slice to a thread. @returns False when none can take it */
  #start({ job, index }: Waiting): boolean {
    const { request } = job;
    const slice = request.slices[index] as Slice;
    const run = this.pool.run(slice, {
      progress: (fraction, message) => job.progress(index, fraction, message),
      done: (result, ms) => {
        this.#costs.learn(slice, ms);
        job.done(index, result);
      },
      failed: (failure) => job.failed(index, failure),
      returned: () => {
        // A slice whose thread has not come to it is its session's next.
        if (job.returned(index)) this.#queueOf(request.session).waiting.unshift({ job, index });
      },
    }, request.slices.length === 1 ? this.#costs.ofSmall(slice) : undefined);
    if (run === undefined) return false;
    job.begin(index, run, (ms) => this.#timeouts.add(ms, () => stopLate(job)));
    return true;
  }

  /** Cancels every job and ends the threads. */
  async stop(error: OutboardError): Promise<void> {
    for (const job of this.#jobs) job.cancel(error);
    this.#timeouts.clear();
    await this.pool.stop();
  }
}
