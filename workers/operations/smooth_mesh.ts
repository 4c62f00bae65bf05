import { defineOperation, z } from "outboard";
import { blocks } from "../kernels/blocks.ts";
import { findNeighbors } from "../kernels/neighbors.ts";
import { largestGain, smoothPoints } from "../kernels/smooth_points.ts";
import { requireTriangles } from "../kernels/triangles.ts";

/** How much larger waves may get by all passes together. */
const LARGEST_GROWTH = 4;

const params = z.strictObject({
  iterations: z.int().min(0).max(10_000).default(10)
    .describe("How many passes; each smooths a little further")
    .meta({ outboard: { softMax: 100 } }),
  lambda: z.number().min(0).max(1).default(0.5)
    .describe("How far each pass moves vertices toward the middle of their neighbors")
    .meta({ outboard: { unit: "factor", step: 0.05 } }),
  mu: z.number().min(-1).max(0).default(-0.53)
    .describe("How far each pass then moves them back, against shrinking; 0 lets the mesh shrink")
    .meta({ outboard: { step: 0.01, precision: 3 } }),
  keepBoundary: z.boolean().default(true)
    .describe("Leave the vertices along open edges where they are"),
});

export default defineOperation({
  title: "Smooth Mesh",
  description: "Takes bumps out of a mesh without shrinking it (Taubin's smoothing).",
  category: "Mesh",
  params: params.refine(
    ({ iterations, lambda, mu }) => largestGain(lambda, mu) ** iterations <= LARGEST_GROWTH,
    {
      path: ["mu"],
      error: "Wanted mu only a little below minus lambda, or fewer passes: " +
        "these would tear the mesh apart",
    },
  ),
  inputs: {
    points: {
      kind: "points",
      dtype: ["float32", "float64"],
      shape: ["n", 3],
      description: "The vertices",
      finite: true,
      source: "mesh.points",
    },
    triangles: {
      kind: "triangles",
      dtype: ["uint32", "int32"],
      shape: ["m", 3],
      description: "Which vertices are neighbors",
      source: "mesh.triangles",
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
  *run({ params, inputs, allocate, signal }) {
    const { iterations, lambda, mu, keepBoundary } = params;
    const n = inputs.points.shape[0]!;
    const triangles = requireTriangles("triangles", inputs.triangles.data, n);
    yield { fraction: 0, message: "Finding neighbors" };
    const neighbors = findNeighbors(triangles, n);
    // All passes in float64: what is rounded in each would add up.
    let points = Float64Array.from(inputs.points.data);
    let moved = new Float64Array(points.length);
    for (let pass = 0; pass < iterations; pass++) {
      for (const factor of [lambda, mu]) {
        for (const { start, end } of blocks({ start: 0, end: n })) {
          signal.throwIfAborted();
          smoothPoints(points, moved, { neighbors, factor, keepBoundary, start, end });
        }
        [points, moved] = [moved, points];
      }
      yield (pass + 1) / iterations;
    }
    allocate("points").data.set(points);
  },
});
