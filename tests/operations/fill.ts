import { z } from "zod";
import { defineOperation } from "../../workers/operation.ts";

export default defineOperation({
  title: "Fill",
  description: "Numbers the rows of an array of any size, split over all threads when it is large.",
  params: z.strictObject({ rows: z.int().min(0).max(2 ** 40) }),
  inputs: {},
  outputs: { filled: { kind: "scalars", dtype: "uint32", shape: ["rows"] } },
  split: "rows",
  run({ range, allocate }) {
    const filled = allocate("filled").data as Uint32Array;
    for (let row = range.start; row < range.end; row++) filled[row] = row;
  },
});
