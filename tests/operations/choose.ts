import { z } from "zod";
import { defineOperation } from "../../workers/operation.ts";

const circle = z.strictObject({
  kind: z.literal("circle"),
  radius: z.number().min(0).max(10).default(1),
});
const box = z.strictObject({
  kind: z.literal("box"),
  low: z.number().default(0),
  high: z.number().default(1),
}).refine(({ low, high }) => low <= high, {
  path: ["high"],
  error: "at least as large as low",
});

export default defineOperation({
  title: "Choose",
  description: "Has nested parameters, a refinement that only the thread knows, and a drawn seed.",
  params: z.strictObject({
    form: z.discriminatedUnion("kind", [circle, box]).default({ kind: "circle", radius: 1 }),
    steps: z.array(z.strictObject({ size: z.int().min(1).max(9) })).max(100).default([]),
    seed: z.int().min(0).optional().meta({ outboard: { drawn: true } }),
  }),
  inputs: {},
  outputs: { chosen: { kind: "scalars", dtype: "float64", shape: [1] } },
  run({ params: { seed }, allocate }) {
    (allocate("chosen").data as Float64Array)[0] = seed ?? -1;
  },
});
