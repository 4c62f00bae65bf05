import { createNoise3D } from "simplex-noise";
import { defineOperation, OperationError, z } from "outboard";
import { blocks } from "../kernels/blocks.ts";
import {
  displaceAlongNormals,
  displaceFreely,
  fractalOctaves,
  type Octave,
} from "../kernels/fractal_noise.ts";

const LENGTH = { unit: "length" } as const;

/** Noise evaluations between two looks at the cancel flag, a hundredth of a second at most. */
const EVALUATIONS = 200_000;

export default defineOperation({
  title: "Displace by Noise",
  description: "Moves a mesh's vertices by fractal simplex noise: bumps, dunes, rocks.",
  category: "Mesh",
  params: z.strictObject({
    strength: z.number().min(-1e9).max(1e9).default(0.2)
      .describe("How far vertices move at most; below zero, hills become valleys")
      .meta({ outboard: { ...LENGTH, softMin: -1, softMax: 1, step: 0.01 } }),
    scale: z.number().min(1e-6).max(1e9).default(1)
      .describe("Size of the largest bumps")
      .meta({ outboard: { ...LENGTH, softMin: 0.01, softMax: 10, step: 0.1 } }),
    octaves: z.int().min(1).max(16).default(4)
      .describe("How many layers of noise, each finer than the one before")
      .meta({ outboard: { softMax: 8 } }),
    lacunarity: z.number().min(1).max(16).default(2)
      .describe("How many times finer each layer is than the one before")
      .meta({ outboard: { softMax: 4, step: 0.1 } }),
    gain: z.number().min(0).max(1).default(0.5)
      .describe("How strong each layer is, compared to the one before: 0 is smooth, 1 is rough")
      .meta({ outboard: { unit: "factor", step: 0.05 } }),
    direction: z.enum(["normals", "free"]).default("normals")
      .describe("Which way vertices move")
      .meta({
        outboard: {
          items: {
            normals: { title: "Along normals", description: "In or out, as the surface faces" },
            free: { title: "Free", description: "Any way, by a noise of its own for each axis" },
          },
        },
      }),
    seed: z.int().min(0).optional()
      .describe("The same seed gives the same bumps; left out, one is drawn and reported")
      .meta({ outboard: { drawn: true } }),
  }),
  inputs: {
    points: {
      kind: "points",
      dtype: ["float32", "float64"],
      shape: ["n", 3],
      description: "The vertices",
      finite: true,
      source: "mesh.points",
    },
    normals: {
      kind: "vectors",
      dtype: ["float32", "float64"],
      shape: ["n", 3],
      description: "The vertices' normals; their lengths do not matter",
      optional: true,
      finite: true,
      source: "mesh.normals",
    },
  },
  outputs: {
    points: {
      kind: "points",
      dtype: { like: "points" },
      shape: ["n", 3],
      description: "The vertices where they are now, in the same order",
      zeroed: false,
      target: "mesh.points",
    },
  },
  split: "n",
  rowwise: true,
  run({ params, inputs, range, allocate, progress, signal }) {
    const { direction, strength, seed = 0, ...shape } = params;
    const points = inputs.points.data;
    const normals = inputs.normals?.data;
    if (direction === "normals" && normals === undefined) {
      throw new OperationError("Cannot displace along normals: wanted normals, got none");
    }
    const fractal = (channel: number): Octave[] =>
      fractalOctaves({ ...shape, seed, channel, createNoise: createNoise3D });
    const [first, second, third] = [fractal(0), fractal(1), fractal(2)];
    const out = allocate("points").data;
    const size = Math.ceil(EVALUATIONS / (3 * shape.octaves));
    for (const { start, end, fraction } of blocks(range, size)) {
      signal.throwIfAborted();
      if (direction === "normals") {
        displaceAlongNormals(points, normals!, out, { octaves: first, strength, start, end });
      } else {
        displaceFreely(points, out, { octaves: [first, second, third], strength, start, end });
      }
      progress(fraction);
    }
  },
});
