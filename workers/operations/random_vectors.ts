import { z } from "zod";
import type { RunContext } from "../operation.ts";
import { defineOperation } from "../operation.ts";
import { OutboardError } from "../errors.ts";
import { blocks } from "../kernels/blocks.ts";
import { type FloatArray, toFloats } from "../kernels/float_array.ts";
import { fillCone, fillInBall, fillOnSphere } from "../kernels/random_directions.ts";
import { fillNormal, fillUniform } from "../kernels/random_vectors.ts";
import type { Seeded } from "../kernels/vector_batches.ts";

// Squares of coordinates up to here stay within float32.
const FARTHEST = 1e18;

// A client with float32 numbers has a half turn that is a little more than Math.PI.
const HALF_TURN = Math.fround(Math.PI);

const coordinate = () => z.number().min(-FARTHEST).max(FARTHEST);
const position = () => z.tuple([coordinate(), coordinate(), coordinate()]);
const distance = () => z.number().min(0).max(FARTHEST);
const LENGTH = { outboard: { unit: "length" } };
const PLACE = { outboard: { unit: "length", subtype: "translation" } };

const uniform = z.strictObject({
  kind: z.literal("uniform"),
  low: position().default([0, 0, 0]).describe("Lowest corner of the box").meta(PLACE),
  high: position().default([1, 1, 1]).describe("Highest corner of the box, itself never reached")
    .meta(PLACE),
}).refine(({ low, high }) => low.every((x, axis) => x <= high[axis]!), {
  path: ["high"],
  error: "at least as large as low on every axis",
});

const normal = z.strictObject({
  kind: z.literal("normal"),
  mean: position().default([0, 0, 0]).describe("Where the cloud is densest").meta(PLACE),
  standardDeviation: distance().default(1)
    .describe("How far the cloud spreads; two thirds of all numbers lie within it on each axis")
    .meta(LENGTH),
});

const onSphere = z.strictObject({
  kind: z.literal("on_sphere"),
  center: position().default([0, 0, 0]).describe("Middle of the sphere").meta(PLACE),
  radius: distance().default(1).describe("Radius of the sphere").meta(LENGTH),
});

const inBall = z.strictObject({
  kind: z.literal("in_ball"),
  center: position().default([0, 0, 0]).describe("Middle of the ball").meta(PLACE),
  radius: distance().default(1).describe("Radius of the ball").meta(LENGTH),
});

const cone = z.strictObject({
  kind: z.literal("cone"),
  axis: position()
    .refine((axis) => axis.some((x) => x !== 0), { error: "a direction other than 0, 0, 0" })
    .default([0, 0, 1]).describe("Direction of the cone; its length does not matter")
    .meta({ outboard: { subtype: "direction" } }),
  angle: z.number().min(0).max(HALF_TURN).default(Math.PI / 4)
    .describe("Angle from the axis to the rim, half the opening; the vectors have length 1")
    .meta({ outboard: { unit: "angle" } }),
});

const params = z.strictObject({
  count: z.int().min(1).max(10_000_000).default(1).describe("How many vectors")
    .meta({ outboard: { softMax: 100_000 } }),
  distribution: z.discriminatedUnion("kind", [uniform, normal, onSphere, inBall, cone])
    .default({ kind: "uniform", low: [0, 0, 0], high: [1, 1, 1] })
    .describe("How the vectors are spread"),
  seed: z.int().min(0).optional()
    .describe("The same seed gives the same vectors; left out, one is drawn and reported")
    .meta({ outboard: { drawn: true } }),
  dtype: z.enum(["float32", "float64"]).default("float32")
    .describe("Precision: float32 is Blender's own, float64 has twice the digits"),
});

type Params = z.output<typeof params>;

function fill(out: FloatArray, distribution: Params["distribution"], rows: Seeded): void {
  switch (distribution.kind) {
    case "uniform":
      return fillUniform(out, { ...rows, ...distribution });
    case "normal":
      return fillNormal(out, { ...rows, ...distribution });
    case "on_sphere":
      return fillOnSphere(out, { ...rows, ...distribution });
    case "in_ball":
      return fillInBall(out, { ...rows, ...distribution });
    case "cone":
      return fillCone(out, { ...rows, ...distribution });
  }
}

export default defineOperation({
  title: "Random Vectors",
  description: "Draws vectors from a distribution. The same seed gives the same vectors.",
  params,
  inputs: {},
  outputs: {
    vectors: {
      kind: "vectors",
      dtype: { param: "dtype" },
      shape: ["count", 3],
      description: "The vectors, one per row",
      zeroed: false,
      target: "location.add",
    },
  },
  split: "count",
  run({ params, range, allocate, progress, signal }: RunContext<Params>) {
    const { distribution, seed } = params;
    if (seed === undefined) {
      throw new OutboardError("INTERNAL", "Cannot draw vectors: wanted a seed, got none");
    }
    const out = toFloats("vectors", allocate("vectors").data);
    for (const { start, end, fraction } of blocks(range)) {
      signal.throwIfAborted();
      fill(out, distribution, { seed, start, end });
      progress(fraction);
    }
  },
});
