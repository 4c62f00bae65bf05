import { defineOperation, OperationError, z } from "outboard";
import { blocks } from "../kernels/blocks.ts";
import { placeOnSurface } from "../kernels/instance_matrices.ts";
import { expectedCount, scatterFreely, scatterSpaced } from "../kernels/scatter_points.ts";
import { weighSurface } from "../kernels/surface_samples.ts";
import { requireTriangles } from "../kernels/triangles.ts";

const MOST = 10_000_000;
/** Of points at a distance, which take twenty tries each. */
const MOST_SPACED = 2_000_000;

const random = z.strictObject({
  kind: z.literal("random"),
  count: z.int().min(0).max(MOST).default(1000).describe("How many points")
    .meta({ outboard: { softMax: 100_000 } }),
});

const spaced = z.strictObject({
  kind: z.literal("spaced"),
  distance: z.number().min(1e-6).max(1e9).default(0.1)
    .describe("How far points are from each other at least, in a straight line")
    .meta({ outboard: { unit: "length", softMin: 0.01, softMax: 10, step: 0.01 } }),
});

export default defineOperation({
  title: "Scatter on Surface",
  description: "Strews points over a mesh, each with a matrix that stands on the surface.",
  category: "Scatter",
  params: z.strictObject({
    distribution: z.discriminatedUnion("kind", [random, spaced])
      .default({ kind: "random", count: 1000 })
      .describe("A number of points, each anywhere, or as many as fit at a distance"),
    turn: z.number().min(0).max(Math.fround(2 * Math.PI)).default(2 * Math.PI)
      .describe("How far each is turned about its normal at random, at most")
      .meta({ outboard: { unit: "angle" } }),
    scale: z.number().min(0).max(1e6).default(1)
      .describe("Size of the largest instances")
      .meta({ outboard: { softMax: 10, step: 0.1 } }),
    variation: z.number().min(0).max(1).default(0)
      .describe("How much smaller the smallest are: 0 makes all the same, 1 some next to nothing")
      .meta({ outboard: { unit: "factor", step: 0.05 } }),
    seed: z.int().min(0).optional()
      .describe("The same seed gives the same points; left out, one is drawn and reported")
      .meta({ outboard: { drawn: true } }),
  }),
  inputs: {
    points: {
      kind: "points",
      dtype: ["float32", "float64"],
      shape: ["n", 3],
      description: "The surface's vertices",
      finite: true,
      source: "mesh.points",
    },
    triangles: {
      kind: "triangles",
      dtype: ["uint32", "int32"],
      shape: ["m", 3],
      description: "The surface's triangles",
      source: "mesh.triangles",
    },
    density: {
      kind: "scalars",
      dtype: ["float32", "float64"],
      shape: ["n"],
      description: "How densely to strew at each vertex, compared to the others, 0 or more",
      optional: true,
      finite: true,
      source: "attribute:density",
    },
  },
  outputs: {
    points: {
      kind: "points",
      dtype: "float32",
      shape: ["k", 3],
      description: "The points, on the surface",
      zeroed: false,
    },
    matrices: {
      kind: "matrices",
      dtype: "float32",
      shape: ["k", 4, 4],
      description: "Where instances stand: Z along the surface's normal, turned and scaled",
      zeroed: false,
      target: "instances",
    },
  },
  *run({ params, inputs, allocate, signal }) {
    const { distribution, turn, scale, variation, seed = 0 } = params;
    const points = inputs.points.data;
    const density = inputs.density?.data;
    const triangles = requireTriangles("triangles", inputs.triangles.data, points.length / 3);
    const isSpaced = distribution.kind === "spaced";
    // At a distance, density decides in the end what stays, not where to try.
    const surface = weighSurface(points, triangles, { density, even: isSpaced });
    if (!Number.isFinite(surface.area)) {
      throw new OperationError("Cannot scatter on this surface: it is too large to be measured");
    }
    if (isSpaced && expectedCount(surface.area, distribution.distance) > MOST_SPACED) {
      const least = Math.sqrt(expectedCount(surface.area, 1) / MOST_SPACED).toPrecision(2);
      throw new OperationError(
        `Cannot scatter at a distance of ${distribution.distance}: ` +
          `wanted at most ${MOST_SPACED} points, so at least ${least} on this surface`,
      );
    }
    const { samples, indices } = isSpaced
      ? yield* scatterSpaced(surface, { seed, distance: distribution.distance })
      : yield* scatterFreely(surface, { seed, count: distribution.count });
    allocate("points", [indices.length, 3]).data.set(samples.positions);
    const matrices = allocate("matrices", [indices.length, 4, 4]).data;
    const placing = { seed, turns: turn / (2 * Math.PI), scale, variation };
    for (const { start, end } of blocks({ start: 0, end: indices.length })) {
      signal.throwIfAborted();
      for (let row = start; row < end; row++) {
        placeOnSurface(surface, samples, matrices, {
          ...{ ...placing, sample: row, index: indices[row]!, to: row },
        });
      }
    }
  },
});
