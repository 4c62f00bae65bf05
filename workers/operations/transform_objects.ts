import { z } from "zod";
import { defineOperation } from "../operation.ts";
import { OutboardError } from "../errors.ts";
import { blocks } from "../kernels/blocks.ts";
import { type FloatArray, toFloats } from "../kernels/float_array.ts";
import { medianOrigin, type Pivot, transformObjects } from "../kernels/transform_objects.ts";

// Squares of coordinates up to here stay within float32.
const FARTHEST = 1e18;
/** Larger angles lose their last places. */
const LARGEST_ANGLE = 1e5;

const triple = (low: number, high: number) => {
  const component = z.number().min(low).max(high);
  return z.tuple([component, component, component]);
};
const TRANSLATION = { outboard: { unit: "length", subtype: "translation" } };
const ROTATION = { outboard: { unit: "angle", subtype: "euler" } };

const params = z.strictObject({
  translation: triple(-FARTHEST, FARTHEST).default([0, 0, 0])
    .describe("How far to move, along the world's X, Y and Z").meta(TRANSLATION),
  rotation: triple(-LARGEST_ANGLE, LARGEST_ANGLE).default([0, 0, 0])
    .describe("How far to turn about the pivot: around X first, then Y, then Z (Euler XYZ)")
    .meta(ROTATION),
  scale: triple(-FARTHEST, FARTHEST).default([1, 1, 1])
    .describe("Size factors about the pivot, along the world's X, Y and Z")
    .meta({ outboard: { subtype: "xyz", softMin: 0, softMax: 10 } }),
  pivot: z.enum(["median", "own_origin", "world_origin"]).default("median")
    .describe(
      "What rotation and scale leave in place: the middle of all objects' origins, " +
        "each object's own origin, or the world's",
    ),
  randomDistribution: z.enum(["uniform", "normal"]).default("uniform")
    .describe(
      "Uniform: up to the random amounts, either way. Normal: mostly within them, " +
        "now and then further",
    ),
  randomTranslation: triple(0, FARTHEST).default([0, 0, 0])
    .describe("How far each object moves at random, along the world's X, Y and Z").meta(
      TRANSLATION,
    ),
  randomRotation: triple(0, LARGEST_ANGLE).default([0, 0, 0])
    .describe("How far each object turns at random about its own origin, around X, Y and Z")
    .meta(ROTATION),
  randomScale: triple(0, FARTHEST).default([0, 0, 0])
    .describe("How much each object's size varies along its own X, Y and Z: 0.1 is a tenth")
    .meta({ outboard: { subtype: "xyz", softMax: 1 } }),
  seed: z.int().min(0).optional()
    .describe("The same seed gives the same random part; left out, one is drawn and reported")
    .meta({ outboard: { drawn: true } }),
});

function pivotOf(pivot: z.output<typeof params>["pivot"], matrices: FloatArray): Pivot {
  if (pivot === "median") return medianOrigin(matrices);
  return pivot === "own_origin" ? pivot : [0, 0, 0];
}

export default defineOperation({
  title: "Transform Objects",
  description: "Moves, turns and scales objects together, and each a little differently if wanted.",
  params,
  inputs: {
    matrices: {
      kind: "matrices",
      dtype: ["float64", "float32"],
      shape: ["n", 4, 4],
      description: "The objects' world matrices",
      finite: true,
      source: "objects.matrix_world",
    },
  },
  outputs: {
    matrices: {
      kind: "matrices",
      dtype: { like: "matrices" },
      shape: ["n", 4, 4],
      description: "The new world matrices, in the same order",
      zeroed: false,
      target: "objects.matrix_world",
    },
  },
  split: "n",
  run({ params, inputs, range, allocate, progress, signal }) {
    const { translation, rotation, scale, seed } = params;
    if (seed === undefined) {
      throw new OutboardError("INTERNAL", "Cannot transform objects: wanted a seed, got none");
    }
    const matrices = toFloats("matrices", inputs.matrices?.data);
    const out = toFloats("matrices", allocate("matrices").data);
    const pivot = pivotOf(params.pivot, matrices);
    const random = {
      seed,
      distribution: params.randomDistribution,
      amounts: {
        translation: params.randomTranslation,
        rotation: params.randomRotation,
        scale: params.randomScale,
      },
    };
    for (const { start, end, fraction } of blocks(range)) {
      signal.throwIfAborted();
      const common = { translation, rotation, scale };
      transformObjects(matrices, out, { start, end, common, pivot, random });
      progress(fraction);
    }
  },
});
