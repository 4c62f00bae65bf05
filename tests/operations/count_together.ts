import { z } from "zod";
import { defineOperation } from "../../workers/operation.ts";

export default defineOperation({
  title: "Count together",
  description: "Counts for a while on every thread; all of them report every step.",
  params: z.strictObject({
    rows: z.int().min(1).max(1_000_000),
    milliseconds: z.int().min(0).max(10_000),
  }),
  inputs: {},
  outputs: { counted: { kind: "scalars", dtype: "uint8", shape: ["rows"] } },
  split: "rows",
  run({ params: { milliseconds }, allocate, progress, signal }) {
    allocate("counted");
    const started = performance.now();
    for (let now = started; now - started < milliseconds; now = performance.now()) {
      signal.throwIfAborted();
      progress((now - started) / milliseconds);
    }
  },
});
