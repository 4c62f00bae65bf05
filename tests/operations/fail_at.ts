import { z } from "zod";
import { OutboardError } from "../../workers/errors.ts";
import { defineOperation } from "../../workers/operation.ts";

export default defineOperation({
  title: "Fail at",
  description: "Refuses some rows; the thread that has row 0 is slower than the others.",
  params: z.strictObject({
    rows: z.int().min(1).max(1_000_000),
    bad: z.array(z.int().min(0)).max(10).describe("The rows to refuse"),
    milliseconds: z.int().min(0).max(10_000).describe("How long the first thread takes"),
    deaf: z.boolean().default(false).describe("Whether it never looks at the signal"),
  }),
  inputs: {},
  outputs: { checked: { kind: "scalars", dtype: "uint8", shape: ["rows"] } },
  split: "rows",
  run({ params: { bad, milliseconds, deaf }, range, allocate, signal }) {
    allocate("checked");
    const started = performance.now();
    while (range.start === 0 && performance.now() - started < milliseconds) {
      if (!deaf) signal.throwIfAborted();
    }
    const row = bad.find((each) => each >= range.start && each < range.end);
    if (row !== undefined) {
      throw new OutboardError("INVALID_VALUE", `Cannot take row ${row}`, { row });
    }
  },
});
