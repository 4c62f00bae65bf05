import { z } from "zod";
import { defineOperation } from "../../workers/operation.ts";

/** How often the signal is looked at, in ms. */
const LOOK_MS = 5;

/**
 * Element 0 is set to 1 and notified by whoever lets the job go; element 1 is set to 1 and notified by the job when
 * it has begun. The memory of the input is shared, so a test in the same process reaches it through the job.
 */
export default defineOperation({
  title: "Wait for a latch",
  description: "Waits until the latch is opened or the job is cancelled.",
  params: z.strictObject({}),
  inputs: { latch: { kind: "scalars", dtype: "int32", shape: [2] } },
  outputs: { latch: { kind: "scalars", dtype: "int32", shape: [2] } },
  run({ inputs, allocate, signal }) {
    const latch = inputs.latch?.data as Int32Array;
    Atomics.store(latch, 1, 1);
    Atomics.notify(latch, 1);
    while (Atomics.load(latch, 0) === 0) {
      signal.throwIfAborted();
      Atomics.wait(latch, 0, 0, LOOK_MS);
    }
    (allocate("latch").data as Int32Array).set(latch);
  },
});
