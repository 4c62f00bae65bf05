import type { Arrivals } from "./arrivals.ts";
import type { ArrayRef } from "./array.ts";
import type { LaneTransfer } from "./lane/lane_transfer.ts";
import type { Slice } from "./messages.ts";

/** An array as a thread is told of it: the number of its block in place of the block. */
interface SentRef extends Omit<ArrayRef, "buffer"> {
  block: number;
}

/** A slice as it crosses to a thread, in JSON. */
export interface SentSlice extends Omit<Slice, "inputs" | "outputs" | "lane"> {
  lane?: Omit<LaneTransfer, "state"> & { state: SentRef };
  inputs: Record<string, SentRef>;
  outputs: Record<string, SentRef>;
}

/** @param send Makes a block known to the thread and tells its number */
export function toSent(slice: Slice, send: (buffer: SharedArrayBuffer) => number): SentSlice {
  const refer = (refs: Slice["inputs"]): SentSlice["inputs"] => {
    const sent: SentSlice["inputs"] = {};
    for (const name in refs) {
      const { buffer, byteOffset, dtype, shape } = refs[name] as ArrayRef;
      sent[name] = { block: send(buffer), byteOffset, dtype, shape };
    }
    return sent;
  };
  const { lane, ...rest } = slice;
  const sent = { ...rest, inputs: refer(slice.inputs), outputs: refer(slice.outputs) };
  return lane === undefined
    ? sent
    : { ...sent, lane: { ...lane, ...refer({ state: lane.state }) as { state: SentRef } } };
}

/** The slice that was sent, once its blocks have come. */
export async function fromSent(
  sent: SentSlice,
  blocks: Arrivals<SharedArrayBuffer>,
): Promise<Slice> {
  const resolve = async (refs: SentSlice["inputs"]): Promise<Slice["inputs"]> => {
    const resolved: Slice["inputs"] = {};
    for (const name in refs) {
      const { block, byteOffset, dtype, shape } = refs[name] as SentRef;
      resolved[name] = { buffer: await blocks.get(block), byteOffset, dtype, shape };
    }
    return resolved;
  };
  const { lane, ...rest } = sent;
  const slice = {
    ...rest,
    inputs: await resolve(sent.inputs),
    outputs: await resolve(sent.outputs),
  };
  if (lane === undefined) return slice;
  const { state } = await resolve({ state: lane.state }) as { state: ArrayRef };
  return { ...slice, lane: { ...lane, state } };
}
