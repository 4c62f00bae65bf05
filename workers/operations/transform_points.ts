import { z } from "zod";
import { defineOperation } from "../operation.ts";
import { OutboardError } from "../errors.ts";
import { blocks } from "../kernels/blocks.ts";
import { composeMatrix } from "../kernels/compose_matrix.ts";
import { toFloats } from "../kernels/float_array.ts";
import { transformPoints } from "../kernels/transform_points.ts";

// Squares of coordinates up to here stay within float32.
const FARTHEST = 1e18;
/** Larger angles lose their last places. */
const LARGEST_ANGLE = 1e6;

const triple = (limit: number) => {
  const component = z.number().min(-limit).max(limit);
  return z.tuple([component, component, component]);
};

const params = z.strictObject({
  translation: triple(FARTHEST).default([0, 0, 0]).describe("How far to move, along X, Y and Z")
    .meta({ outboard: { unit: "length", subtype: "translation" } }),
  rotation: triple(LARGEST_ANGLE).default([0, 0, 0])
    .describe("How far to turn about the pivot: around X first, then Y, then Z (Euler XYZ)")
    .meta({ outboard: { unit: "angle", subtype: "euler" } }),
  scale: triple(FARTHEST).default([1, 1, 1]).describe("Size factors along X, Y and Z")
    .meta({ outboard: { subtype: "xyz", softMin: 0, softMax: 10 } }),
  pivot: triple(FARTHEST).default([0, 0, 0])
    .describe("The point that rotation and scale leave in place")
    .meta({ outboard: { unit: "length", subtype: "translation" } }),
});

type Params = z.output<typeof params>;

const UNCHANGED = params.parse({});

/** Ignoring either the matrices or the fields would surprise; so both together are refused. */
function requireUnchanged(given: Params): void {
  for (const [name, value] of Object.entries(given)) {
    const wanted: readonly number[] = UNCHANGED[name as keyof Params];
    if (value.every((x, axis) => x === wanted[axis])) continue;
    throw new OutboardError(
      "INVALID_PARAMS",
      `Cannot transform points by matrices and by ${name} at once: wanted one of them, got both`,
      { issues: [{ path: name, wanted: `${wanted} with matrices`, came: value }] },
    );
  }
}

export default defineOperation({
  title: "Transform Mesh",
  description:
    "Moves, turns and scales the vertices of a mesh, by the fields below or by matrices.",
  params,
  inputs: {
    points: {
      kind: "points",
      dtype: ["float32", "float64"],
      shape: ["n", 3],
      description: "The points, one per row",
      finite: true,
      source: "mesh.points",
    },
    matrices: {
      kind: "matrices",
      dtype: ["float32", "float64"],
      shape: [[4, 4], ["n", 4, 4]],
      description: "One matrix for all points or one each, instead of the fields",
      optional: true,
      finite: true,
    },
  },
  outputs: {
    points: {
      kind: "points",
      dtype: { like: "points" },
      shape: ["n", 3],
      description: "The points where they are now, in the same order",
      zeroed: false,
      target: "mesh.points",
    },
  },
  split: "n",
  rowwise: true,
  run({ params, inputs, range, allocate, progress, signal }) {
    const points = toFloats("points", inputs.points?.data);
    if (inputs.matrices !== undefined) requireUnchanged(params);
    const matrices = inputs.matrices === undefined
      ? composeMatrix(params)
      : toFloats("matrices", inputs.matrices.data);
    const out = toFloats("points", allocate("points").data);
    for (const { start, end, fraction } of blocks(range)) {
      signal.throwIfAborted();
      transformPoints(points, out, { matrices, start, end });
      progress(fraction);
    }
  },
});
