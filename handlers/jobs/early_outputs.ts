import { byteLength } from "../../workers/array.ts";
import type { OutgoingArray, Session } from "../session.ts";
import { declareArrays } from "./declare_arrays.ts";
import type { Plan } from "./plan.ts";
import type { RunningJob } from "./running_job.ts";

/**
 * The outputs of a job that works row by row, sent slice by slice while others are still computed. Declared by
 * `jobs.partial`, which promises nothing: only the answer says that the job has succeeded.
 */
export class EarlyOutputs {
  readonly #session: Session;
  /** The client's name for it. */
  readonly #name: string;
  readonly #plan: Plan;
  readonly #job: RunningJob;
  readonly #ids: Record<string, number>;
  readonly #sent: Promise<void>[] = [];
  #declared = false;
  #over = false;

  constructor(session: Session, name: string, { plan, job }: { plan: Plan; job: RunningJob }) {
    this.#session = session;
    this.#name = name;
    this.#plan = plan;
    this.#job = job;
    this.#ids = Object.fromEntries(
      plan.outputs.map((output) => [output.name, session.nextArrayId()]),
    );
  }

  /** Sends the rows of a finished slice. */
  send(slice: number): void {
    // A job that has been answered may run on until it sees the cancel.
    if (this.#over) return;
    const { outputs } = this.#job;
    if (!this.#declared) {
      this.#declared = true;
      const declared = declareArrays(outputs, this.#ids);
      this.#session.notify("jobs.partial", { job: this.#name, outputs: declared });
    }
    const { start, end } = this.#plan.ranges[slice]!;
    const arrays = Object.entries(outputs).map(([name, ref]) => {
      const rowBytes = byteLength(ref.dtype, ref.shape.slice(1));
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#sent.push(promise);
      const part = { start: start * rowBytes, end: end * rowBytes };
      return { id: this.#ids[name]!, ref, part, sent: resolve };
    });
    this.#session.send({ arrays });
  }

  /** What the answer says of the outputs: all of them are on their way. */
  answer(): { outputs: string; arrays: OutgoingArray[]; allSent: Promise<unknown> } {
    const outputs = JSON.stringify(declareArrays(this.#job.outputs, this.#ids));
    return { outputs, arrays: [], allSent: Promise.all(this.#sent) };
  }

  /** The job has failed: nothing more of its arrays is sent. @returns When their memory is no longer needed */
  abandon(): Promise<unknown> {
    this.#over = true;
    this.#session.drop(new Set(Object.values(this.#ids)));
    return Promise.all(this.#sent);
  }
}
