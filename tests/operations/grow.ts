import { z } from "zod";
import { defineOperation } from "../../workers/operation.ts";

export default defineOperation({
  title: "Grow",
  description: "Has an output whose size nobody knows before the run.",
  params: z.strictObject({ rows: z.int().min(0).max(2 ** 40) }),
  inputs: {},
  outputs: { grown: { kind: "vectors", dtype: "float32", shape: ["found", 3] } },
  run({ params: { rows }, allocate }) {
    const grown = allocate("grown", [rows, 3]).data as Float32Array;
    for (let i = 0; i < grown.length; i++) grown[i] = i;
  },
});
