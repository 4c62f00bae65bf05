import { alignedByteLength, type ArrayRef, bytesOf, type DType } from "../../workers/array.ts";
import type { Room } from "../../workers/block_pool.ts";
import type { OutboardError } from "../../workers/errors.ts";
import type { Job } from "../../workers/job.ts";
import type { Session } from "../session.ts";
import { fillFromPlain } from "../wire/plain_array.ts";
import type { Plan } from "./plan.ts";

/** A job from the moment it is accepted: its memory, and how to stop it. */
export class RunningJob {
  /** The client's own name for it. */
  readonly name: string | undefined;
  readonly inputs: Record<string, ArrayRef> = {};
  readonly outputs: Record<string, ArrayRef> = {};
  readonly #session: Session;
  readonly #plan: Plan;
  #work: Job | undefined;
  #cancelled: OutboardError | undefined;
  #bytes: number;
  /** What inputs and outputs lie in, one after the other. */
  #room: Room | undefined;
  readonly #roomBytes: number;
  /** The ids of inputs that have not come yet. */
  readonly #awaited = new Set<number>();
  #filled = 0;

  /** @throws {OutboardError} BUSY or TOO_LARGE when there is no room for its arrays */
  constructor(session: Session, name: string | undefined, plan: Plan, { words = 0 } = {}) {
    const { budget, scheduler } = session.core;
    budget.reserve(
      session.id,
      plan.bytes,
      `Cannot run '${plan.entry.name}'`,
      scheduler.retryAfterMs(),
    );
    this.name = name;
    this.#session = session;
    this.#plan = plan;
    this.#bytes = plan.bytes;
    this.#roomBytes = plan.roomBytes + alignedByteLength("int32", [words]);
    session.jobs.add(this);
  }

  /** The next part of the job's room. */
  #allocate(dtype: DType, shape: readonly number[]): ArrayRef {
    this.#room ??= this.#session.core.blocks.take(this.#roomBytes);
    const { buffer, byteOffset } = this.#room;
    const ref = { buffer, byteOffset: byteOffset + this.#filled, dtype, shape };
    this.#filled += alignedByteLength(dtype, shape);
    return ref;
  }

  /**
   * Awaits the bytes of all inputs. Declares them before its first wait.
   *
   * @param onGrown Told how many bytes from the start of an input on are there
   */
  async receiveInputs(onGrown?: (name: string, bytes: number) => void): Promise<void> {
    const { incoming } = this.#session;
    const arrivals = this.#plan.inputs.map(({ name, dtype, shape, from }) => {
      const ref = this.#allocate(dtype, shape);
      this.inputs[name] = ref;
      if ("id" in from) {
        const { id } = from;
        this.#awaited.add(id);
        return incoming.receive(id, name, ref, (bytes) => onGrown?.(name, bytes))
          .finally(() => this.#awaited.delete(id));
      }
      if ("plain" in from) fillFromPlain(ref, from.plain);
      return Promise.resolve();
    });
    try {
      await Promise.all(arrivals);
    } finally {
      this.#refuseInputs();
      await Promise.allSettled(arrivals);
    }
    if (this.#cancelled !== undefined) throw this.#cancelled;
  }

  /** What still comes of the inputs is dropped. */
  #refuseInputs(): void {
    for (const id of this.#awaited) this.#session.incoming.refuse(id, this.#cancelled);
  }

  /** The memory of the outputs whose shape is known. */
  allocateOutputs(): Record<string, ArrayRef> {
    for (const { name, dtype, shape, zeroed } of this.#plan.outputs) {
      const ref = this.#allocate(dtype, shape);
      if (zeroed && !this.#room?.fresh) bytesOf(ref).fill(0);
      this.outputs[name] = ref;
    }
    return this.outputs;
  }

  /** Zeroed memory for what the job's threads tell each other: at most the words that it was made with. */
  allocateWords(count: number): ArrayRef {
    const ref = this.#allocate("int32", [count]);
    if (!this.#room?.fresh) bytesOf(ref).fill(0);
    return ref;
  }

  /** From now on `work` is what a cancel stops. */
  attach(work: Job): void {
    this.#work = work;
  }

  /** Adds the outputs that only the run could size. */
  adopt(allocated: Record<string, ArrayRef>): void {
    for (const [name, ref] of Object.entries(allocated)) {
      this.outputs[name] = ref;
      this.#bytes += ref.buffer.byteLength;
      this.#session.core.budget.add(this.#session.id, ref.buffer.byteLength);
    }
  }

  cancel(reason: OutboardError): void {
    this.#cancelled ??= reason;
    this.#refuseInputs();
    this.#work?.cancel(reason);
  }

  /**
   * The job is answered: its memory goes back once no thread touches it and `sent` says that nothing of it is still
   * to be sent. Memory that a killed thread may have been writing is not used again.
   */
  async finish(sent: Promise<unknown>): Promise<void> {
    this.#session.jobs.delete(this);
    this.#refuseInputs();
    const clean = await (this.#work?.ended ?? Promise.resolve(true));
    await sent;
    const { blocks, budget } = this.#session.core;
    budget.release(this.#session.id, this.#bytes);
    if (this.#room !== undefined) blocks.give(this.#room, clean);
  }
}
