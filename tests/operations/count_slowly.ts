import { z } from "zod";
import { defineOperation } from "../../workers/operation.ts";

export default defineOperation({
  title: "Count slowly",
  description: "Counts for a while, reports every step and looks at the signal.",
  params: z.strictObject({
    milliseconds: z.int().min(0).max(600_000).describe("How long to count"),
  }),
  inputs: {},
  outputs: { counted: { kind: "scalars", dtype: "float64", shape: [1] } },
  run({ params: { milliseconds }, allocate, progress, signal }) {
    const started = performance.now();
    let counted = 0;
    for (let now = started; now - started < milliseconds; now = performance.now()) {
      signal.throwIfAborted();
      counted++;
      progress((now - started) / milliseconds, `counted to ${counted}`);
    }
    (allocate("counted").data as Float64Array)[0] = counted;
  },
});
