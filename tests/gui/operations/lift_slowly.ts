import { defineOperation, z } from "outboard";

async function exists(file: string): Promise<boolean> {
  try {
    await Deno.lstat(file);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

export default defineOperation({
  title: "Lift slowly",
  description: "Lifts the points of the active mesh after a while.",
  category: "Tests of the panel",
  params: z.strictObject({
    height: z.number().min(0).max(100).default(1).describe("How far up")
      .meta({ outboard: { unit: "length" } }),
    pause: z.number().min(0).max(600).default(0).describe("How long to wait first")
      .meta({ outboard: { unit: "time" } }),
    signal: z.string().default("").describe("A file to wait for as well")
      .meta({ outboard: { subtype: "file" } }),
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
      progress(past / params.pause, "Waiting before the lift");
      await new Promise((resume) => setTimeout(resume, 5));
    }
    while (params.signal !== "" && !await exists(params.signal)) {
      signal.throwIfAborted();
      progress(0.5);
      await new Promise((resume) => setTimeout(resume, 5));
    }
    const out = allocate("points").data;
    out.set(inputs.points.data);
    for (let i = 2; i < out.length; i += 3) out[i]! += params.height;
  },
});
