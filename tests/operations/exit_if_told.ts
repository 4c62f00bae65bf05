import { z } from "zod";
import { defineOperation } from "../../workers/operation.ts";

export default defineOperation({
  title: "Exit if told",
  description: "Does nothing, in no time, or ends its own thread.",
  params: z.strictObject({ exit: z.boolean().default(false) }),
  inputs: {},
  outputs: { done: { kind: "scalars", dtype: "uint8", shape: [1] } },
  run({ params: { exit }, allocate }) {
    if (exit) Deno.exit(3);
    allocate("done").data[0] = 1;
  },
});
