import { defineOperation, z } from "outboard";

export default defineOperation({
  title: "Lift slowly",
  description: "Lifts the points of the active mesh after a while.",
  category: "Tests of the panel",
  params: z.strictObject({
    height: z.number().min(0).max(100).default(1).describe("How far up")
      .meta({ outboard: { unit: "length" } }),
    pause: z.number().min(0).max(600).default(0).describe("How long to wait first")
      .meta({ outboard: { unit: "time" } }),
  }),
  inputs: {
    points: { kind: "points", dtype: "float32", shape: ["n", 3], source: "mesh.points" },
  },
  outputs: {
    points: { kind: "points", dtype: "float32", shape: ["n", 3], target: "mesh.points" },
  },
  async run({ allocate, inputs, params, progress, signal }) {
    const start = performance.now();
    for (let past = 0; past < params.pause; past = (performance.now() - start) / 1000) {
      signal.throwIfAborted();
      progress(past / params.pause);
      await new Promise((resume) => setTimeout(resume, 5));
    }
    const out = allocate("points").data;
    out.set(inputs.points.data);
    for (let i = 2; i < out.length; i += 3) out[i]! += params.height;
  },
});
