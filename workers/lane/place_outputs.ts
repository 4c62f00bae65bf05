import { type ArrayRef, byteLength } from "../array.ts";
import { LaneState, laneState, type SlotTarget } from "./lane_transfer.ts";

/** Outputs that are smaller together are sent faster than written and read. */
export const LANE_FROM_BYTES = 2 ** 16;

/** Arrays begin at multiples of this, in bytes: a cache line. */
const ALIGNMENT = 64;

/**
 * Where in a slot each output goes: one after the other, by name, so that every thread comes to the same places.
 *
 * @returns Offsets in bytes; undefined when the outputs are too small for the lane or too large for the slot
 */
export function placeOutputs(
  outputs: Readonly<Record<string, ArrayRef>>,
  { offset, end }: SlotTarget,
): Record<string, number> | undefined {
  const places: Record<string, number> = {};
  let at = offset;
  let bytes = 0;
  for (const name of Object.keys(outputs).sort()) {
    const { dtype, shape } = outputs[name] as ArrayRef;
    places[name] = at;
    const size = byteLength(dtype, shape);
    bytes += size;
    at += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
  }
  return bytes >= LANE_FROM_BYTES && at <= end ? places : undefined;
}

/** Whether the threads wrote a finished job's outputs into its slot. */
export function wereWritten(state: ArrayRef): boolean {
  return Atomics.load(laneState(state), LaneState.WRITE_FAILED) === 0;
}
