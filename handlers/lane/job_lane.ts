import { type ArrayRef, byteLength } from "../../workers/array.ts";
import { OutboardError } from "../../workers/errors.ts";
import {
  laneStateWords,
  type LaneTransfer,
  type SlotRead,
  type SlotTarget,
} from "../../workers/lane/lane_transfer.ts";
import { placeOutputs, wereWritten } from "../../workers/lane/place_outputs.ts";
import type { Plan } from "../jobs/plan.ts";
import type { Session } from "../session.ts";
import type { SessionLane, SlotPlace } from "./session_lane.ts";

/** Where a job's output lies. */
export type PlacedOutputs = Record<string, SlotPlace>;

/** The part of a job that goes through the lane. */
export class JobLane {
  readonly #session: Session;
  readonly #reads: readonly SlotRead[];
  readonly #writes: SlotTarget | undefined;
  readonly #sizes: readonly number[];
  #state: ArrayRef | undefined;

  private constructor(
    session: Session,
    reads: readonly (SlotRead & { bytes: number })[],
    writes: SlotTarget | undefined,
  ) {
    this.#session = session;
    this.#reads = reads;
    this.#writes = writes;
    this.#sizes = reads.map(({ bytes }) => bytes);
  }

  /**
   * Checks what a request says of slots.
   *
   * @returns undefined when it says nothing of them
   * @throws {OutboardError} LANE_FAILED when they cannot be used
   */
  static plan(session: Session, plan: Plan, target: SlotPlace | undefined): JobLane | undefined {
    const action = `Cannot run '${plan.entry.name}'`;
    const reads = plan.inputs.flatMap(({ name, dtype, shape, from }) => {
      if (!("lane" in from)) return [];
      const { slot, offset } = from.lane;
      const bytes = byteLength(dtype, shape);
      const file = laneOf(session, action).fileFor(from.lane, bytes, `${action}: '${name}'`);
      return [{ name, slot, file, offset, bytes }];
    });
    if (target === undefined) {
      return reads.length === 0 ? undefined : new JobLane(session, reads, undefined);
    }
    const lane = laneOf(session, action);
    const file = lane.fileFor(target, 0, `${action}: its outputs`);
    return new JobLane(session, reads, { ...target, file, end: lane.slotBytes });
  }

  /** The 32-bit words of shared memory that its threads need. */
  get words(): number {
    return laneStateWords(this.#sizes);
  }

  /**
   * What the threads of the slices are told.
   *
   * @param allocate Zeroed memory that the job gives back when it ends: so many 32-bit words
   */
  transfers(count: number, allocate: (words: number) => ArrayRef): LaneTransfer[] {
    const state = allocate(this.words);
    this.#state = state;
    return Array.from({ length: count }, (_, index) => ({
      reads: this.#reads,
      ...(this.#writes === undefined ? {} : { writes: this.#writes }),
      state,
      part: { index, count },
    }));
  }

  /** Where the outputs of the finished job are; undefined when they are to be sent. */
  placed(outputs: Readonly<Record<string, ArrayRef>>): PlacedOutputs | undefined {
    if (this.#writes === undefined || this.#state === undefined) return undefined;
    const { slot } = this.#writes;
    const places = placeOutputs(outputs, this.#writes);
    if (places === undefined) return undefined;
    if (!wereWritten(this.#state)) {
      this.#session.core.log({
        event: "lane-failed",
        level: "warn",
        message: `Slot ${slot} of ${this.#session.clientName} could not be written; ` +
          "the arrays go by the socket",
      });
      return undefined;
    }
    return Object.fromEntries(
      Object.entries(places).map(([name, offset]) => [name, { slot, offset }]),
    );
  }

  /** The job has failed, and threads may still be at its slots: the client gets others in their place. */
  abandon(): void {
    const slots = new Set(this.#reads.map(({ slot }) => slot));
    if (this.#writes !== undefined) slots.add(this.#writes.slot);
    for (const slot of slots) {
      const fresh = this.#session.lane?.renew(slot);
      this.#session.notify("lane.renewed", { slot, as: fresh ?? null });
    }
  }
}

/** @throws {OutboardError} LANE_FAILED when the session has none */
function laneOf({ lane }: Session, action: string): SessionLane {
  if (lane !== undefined) return lane;
  throw new OutboardError(
    "LANE_FAILED",
    `${action}: this session has no lane; ask for one by session.lane, or send binary frames`,
  );
}
