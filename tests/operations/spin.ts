import { z } from "zod";
import { defineOperation } from "../../workers/operation.ts";

export default defineOperation({
  title: "Spin",
  description: "Loops for ever and never looks at the signal: only killing the thread ends it.",
  params: z.strictObject({}),
  inputs: { latch: { kind: "scalars", dtype: "int32", shape: [2], optional: true } },
  outputs: {},
  run({ inputs }) {
    // Like wait_for_latch: tells who has given it a latch that it has begun.
    if (inputs.latch !== undefined) Atomics.store(inputs.latch.data as Int32Array, 1, 1);
    let turns = 0;
    while (turns >= 0) turns++;
  },
});
