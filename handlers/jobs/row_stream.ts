import { byteLength } from "../../workers/array.ts";
import type { Job } from "../../workers/job.ts";
import { runsAlong } from "../../workers/shapes.ts";
import type { Scheduler } from "../../workers/scheduler.ts";
import type { Plan } from "./plan.ts";

/** The inputs of a job that works row by row: its slices run as soon as their rows have come. */
export class RowStream {
  readonly #scheduler: Scheduler;
  readonly #plan: Plan;
  /** How many rows of each input are there; all or none of one that is needed whole. */
  readonly #rows = new Map<string, number>();
  readonly #begun = Promise.withResolvers<void>();
  #work: Job | undefined;
  #released = 0;

  constructor(scheduler: Scheduler, plan: Plan) {
    this.#scheduler = scheduler;
    this.#plan = plan;
    for (const { name, dtype, shape, from } of plan.inputs) {
      if ("id" in from && byteLength(dtype, shape) > 0) this.#rows.set(name, 0);
    }
    this.#release();
  }

  /** When the first slice can run. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  /** The first so many bytes of an input are there. */
  arrived(name: string, bytes: number): void {
    const { entry, inputs } = this.#plan;
    const { dtype, shape } = inputs.find((input) => input.name === name)!;
    const byRow = runsAlong(entry.inputs[name], shape.length, entry.split);
    const rowBytes = byteLength(dtype, byRow ? shape.slice(1) : shape);
    this.#rows.set(name, byRow ? Math.floor(bytes / rowBytes) : bytes < rowBytes ? 0 : Infinity);
    this.#release();
  }

  /** From now on the slices of `work`, which it holds, run as their rows come. */
  feed(work: Job): void {
    this.#work = work;
    this.#release();
  }

  #release(): void {
    const rows = Math.min(...this.#rows.values());
    const { ranges } = this.#plan;
    if (rows >= ranges[0]!.end) this.#begun.resolve();
    if (this.#work === undefined) return;
    while (this.#released < ranges.length && ranges[this.#released]!.end <= rows) {
      this.#scheduler.release(this.#work, this.#released++);
    }
  }
}
