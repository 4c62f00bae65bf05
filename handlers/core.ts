import { fileURLToPath } from "node:url";
import { BlockPool } from "../workers/block_pool.ts";
import { OutboardError } from "../workers/errors.ts";
import { Scheduler } from "../workers/scheduler.ts";
import { Timeouts } from "../workers/timeouts.ts";
import { Budget } from "./budget.ts";
import { Catalogue } from "./catalogue.ts";
import { type Limits, MAX_POOLED_BYTES } from "./limits.ts";
import { Lane } from "./lane/lane.ts";
import { Library } from "./library.ts";
import type { Log } from "./log.ts";
import type { Session } from "./session.ts";
import { within } from "./within.ts";

/** How long a server that stops waits for answers: a cancelled job has its own at once, in ms. */
const ANSWERED_WITHIN_MS = 500;

export interface CoreOptions {
  threads: number;
  limits: Limits;
  log: Log;
  /** The folders of operations; of two operations with one name the earlier folder's counts. */
  operations?: readonly string[];
  /** Ours alone, for the files of the same-host lane; without it there is no lane. */
  laneFolder?: string | undefined;
}

/** Ours, which come before all others. */
export const OWN_OPERATIONS = fileURLToPath(new URL("../workers/operations", import.meta.url));

/** Without the lane everything works, only slower. */
function openLane(folder: string, limits: Limits, log: Log): Lane | undefined {
  try {
    return new Lane(folder, limits);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log({ event: "no-lane", level: "warn", message: `Arrays go by the socket: ${reason}` });
    return undefined;
  }
}

/** Everything that all sessions share. Knows no sockets. */
export class Core {
  readonly limits: Limits;
  readonly log: Log;
  readonly scheduler: Scheduler;
  /** The memory of jobs' arrays. */
  readonly blocks = new BlockPool(
    MAX_POOLED_BYTES,
    (buffer) => this.scheduler.pool.forget(buffer),
  );
  readonly budget: Budget;
  /** Of arrays that are on their way. */
  readonly timeouts = new Timeouts();
  readonly sessions = new Set<Session>();
  readonly lane: Lane | undefined;
  readonly #started = performance.now();
  readonly #library: Library;
  #catalogue: Catalogue | undefined;
  #stopping = false;

  constructor({ threads, limits, log, operations = [OWN_OPERATIONS], laneFolder }: CoreOptions) {
    this.limits = limits;
    this.log = log;
    this.budget = new Budget(limits);
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
    this.lane = laneFolder === undefined ? undefined : openLane(laneFolder, limits, log);
    this.#library = new Library(operations, this.scheduler.pool.loader, log);
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

  /** Starts the threads, loads the catalogue and follows its changes. */
  async start(): Promise<void> {
    const { pool } = this.scheduler;
    const started = pool.start();
    await Promise.all([started, this.#library.refresh(pool.describers)]);
    await this.#publish();
    this.#library.watch(async () => {
      if (this.#stopping || !await this.#library.refresh()) return;
      await this.#publish();
      const { revision } = this.catalogue;
      for (const session of this.sessions) {
        if (session.client !== undefined) session.notify("operations.changed", { revision });
      }
    });
  }

  async #publish(): Promise<void> {
    const { entries, failures } = this.#library;
    this.#catalogue = await Catalogue.create(entries, failures);
    this.scheduler.pool.preload(entries.map(({ module }) => module));
  }

  /** A text with files' names in place of what threads import them from. */
  thaw(text: string): string {
    return this.#library.thaw(text);
  }

  /** Answers every job as cancelled, lets `farewell` see the answers off, and ends the threads. */
  async stop(farewell: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    this.#stopping = true;
    await this.#library.stop();
    const reason = new OutboardError("CANCELLED", "The server is shutting down");
    for (const session of this.sessions) session.cancelAll(reason);
    const answered = [...this.sessions].map((session) => session.answered());
    await within(ANSWERED_WITHIN_MS, Promise.all(answered));
    await farewell();
    for (const session of [...this.sessions]) session.close();
    this.timeouts.clear();
    this.lane?.close();
    await this.scheduler.stop(reason);
  }
}
