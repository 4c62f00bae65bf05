import { BufferPool } from "../workers/buffers.ts";
import { OutboardError } from "../workers/errors.ts";
import { Scheduler } from "../workers/scheduler.ts";
import { Budget } from "./budget.ts";
import { Catalogue } from "./catalogue.ts";
import { type Limits, MAX_POOLED_BYTES } from "./limits.ts";
import type { Log } from "./log.ts";
import type { Session } from "./session.ts";

export interface CoreOptions {
  threads: number;
  limits: Limits;
  log: Log;
  /** The folder of operations, as a file URL that ends in a slash. @default {workers/operations/} */
  operations?: string;
}

const OPERATIONS = new URL("../workers/operations/", import.meta.url).href;

/** Everything that all sessions share. Knows no sockets. */
export class Core {
  readonly limits: Limits;
  readonly log: Log;
  readonly scheduler: Scheduler;
  readonly buffers = new BufferPool(MAX_POOLED_BYTES);
  readonly budget: Budget;
  readonly sessions = new Set<Session>();
  readonly #started = performance.now();
  readonly #operations: string;
  #catalogue: Catalogue | undefined;
  #stopping = false;

  constructor({ threads, limits, log, operations = OPERATIONS }: CoreOptions) {
    this.limits = limits;
    this.log = log;
    this.budget = new Budget(limits);
    this.#operations = operations;
    this.scheduler = new Scheduler({
      threads,
      maxQueuedJobs: limits.maxQueuedJobs,
      onReplaced: (thread, reason) =>
        log({
          event: "thread-replaced",
          level: reason === "killed" ? "info" : "warn",
          message: reason === "killed"
            ? `Worker thread ${thread} did not heed the cancel and was replaced`
            : `Worker thread ${thread} died (${reason}) and was replaced`,
          thread,
        }),
    });
  }

  get catalogue(): Catalogue {
    if (this.#catalogue === undefined) throw new Error("The core has not been started");
    return this.#catalogue;
  }

  /** Why nobody can be served just now, while the threads start and once the server stops. */
  get unready(): string | undefined {
    if (this.#stopping) return "This server is shutting down";
    return this.#catalogue === undefined ? "This server is starting" : undefined;
  }

  get uptimeSeconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** Starts the threads and loads the catalogue. */
  async start(): Promise<void> {
    await this.scheduler.pool.start();
    const { entries, failures } = await this.scheduler.pool.loadCatalogue(this.#operations);
    for (const { file, reason } of failures) {
      this.log({
        event: "operation-failed-to-load",
        level: "error",
        message: `${file} is no operation: ${reason}`,
        file,
      });
    }
    this.#catalogue = await Catalogue.create(entries);
  }

  /** Answers every job as cancelled, lets `farewell` see the answers off, and ends the threads. */
  async stop(farewell: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    this.#stopping = true;
    const reason = new OutboardError("CANCELLED", "The server is shutting down");
    for (const session of this.sessions) session.cancelAll(reason);
    await Promise.all([...this.sessions].map((session) => session.answered()));
    await farewell();
    for (const session of [...this.sessions]) session.close();
    await this.scheduler.stop(reason);
  }
}
