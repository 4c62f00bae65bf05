import { defineOperation, OperationError, z } from "outboard";
import { bodyHulls, bodyShape } from "../kernels/body_shapes.ts";
import { moveMatrix } from "../kernels/move_matrix.ts";
import { settleObjects } from "../kernels/settle_objects.ts";
import { requireIndices } from "../kernels/triangles.ts";
import { withArea } from "../kernels/with_area.ts";

// Larger places lose what collisions need of float32.
const FARTHEST = 1e6;

export default defineOperation({
  title: "Settle Objects",
  description: "Lets objects fall and come to rest on each other, on a ground and on a mesh.",
  category: "Physics",
  params: z.strictObject({
    seconds: z.number().min(0).max(600).default(5)
      .describe("The longest time to simulate; it ends before when all objects lie still")
      .meta({ outboard: { unit: "time", softMax: 30 } }),
    stepsPerSecond: z.int().min(10).max(1000).default(120)
      .describe("How finely time is cut; more keeps fast and small objects apart better")
      .meta({ outboard: { softMin: 30, softMax: 240 } }),
    ground: z.boolean().default(true).describe("Whether there is an endless floor"),
    groundHeight: z.number().min(-FARTHEST).max(FARTHEST).default(0)
      .describe("How high the floor is, along the world's Z").meta({
        outboard: { unit: "length" },
      }),
    gravity: z.number().min(-1000).max(1000).default(9.81)
      .describe("How fast falling objects speed up, in metres per second, every second")
      .meta({ outboard: { softMin: 0, softMax: 20 } }),
    friction: z.number().min(0).max(10).default(0.6)
      .describe("How much surfaces hold each other: 0 is ice, 1 is rubber")
      .meta({ outboard: { unit: "factor", softMax: 1 } }),
    bounce: z.number().min(0).max(1).default(0.1)
      .describe("How much of its speed an object keeps when it hits something")
      .meta({ outboard: { unit: "factor" } }),
  }),
  inputs: {
    matrices: {
      kind: "matrices",
      dtype: ["float64", "float32"],
      shape: ["n", 4, 4],
      description: "The objects' world matrices",
      finite: true,
      source: "objects.matrix_world",
    },
    bounds: {
      kind: "points",
      dtype: ["float32", "float64"],
      shape: ["n", 2, 3],
      description: "The lowest and the highest corner of every object, in its own space",
      finite: true,
      source: "objects.bounds",
    },
    fixed: {
      kind: "scalars",
      dtype: ["uint8", "int32", "uint32"],
      shape: ["n"],
      description: "1 for objects that stay where they are and are landed on, 0 for the others",
      optional: true,
    },
    hullPoints: {
      kind: "points",
      dtype: ["float32", "float64"],
      shape: ["h", 3],
      description: "Points of objects that shall collide as their convex hulls, in their own space",
      optional: true,
      finite: true,
    },
    hullObjects: {
      kind: "scalars",
      dtype: ["uint32", "int32"],
      shape: ["h"],
      description: "The object that each of these points belongs to, counted from 0",
      optional: true,
    },
    obstaclePoints: {
      kind: "points",
      dtype: ["float32", "float64"],
      shape: ["m", 3],
      description: "The points of a mesh to land on, in world space",
      optional: true,
      finite: true,
      source: "second.points@world",
    },
    obstacleTriangles: {
      kind: "triangles",
      dtype: ["uint32", "int32"],
      shape: ["t", 3],
      description: "The triangles of that mesh",
      optional: true,
      source: "second.triangles",
    },
  },
  outputs: {
    matrices: {
      kind: "matrices",
      dtype: { like: "matrices" },
      shape: ["n", 4, 4],
      description: "The world matrices when all has come to rest, in the same order",
      zeroed: false,
      target: "objects.matrix_world",
    },
  },
  async run({ params, inputs, allocate, progress, signal }) {
    const matrices = inputs.matrices.data;
    const out = allocate("matrices").data;
    const n = matrices.length / 16;
    const { obstaclePoints, obstacleTriangles, hullPoints, hullObjects, fixed } = inputs;
    if ((hullPoints === undefined) !== (hullObjects === undefined)) {
      throw new OperationError("Hulls need both their points and the objects that these belong to");
    }
    if ((obstaclePoints === undefined) !== (obstacleTriangles === undefined)) {
      throw new OperationError("A mesh to land on needs both its points and its triangles");
    }
    const shapes = Array.from(
      { length: n },
      (_, row) => bodyShape(matrices, inputs.bounds.data, row),
    );
    if (shapes.every((shape) => shape === undefined)) return out.set(matrices);
    const obstacle = obstaclePoints && obstacleTriangles && {
      points: obstaclePoints.data,
      triangles: withArea(
        obstaclePoints.data,
        requireIndices(
          "the mesh to land on",
          obstacleTriangles.data,
          obstaclePoints.data.length / 3,
        ),
      ),
    };
    const scene = {
      shapes,
      hulls: bodyHulls(matrices, shapes, hullPoints?.data, hullObjects?.data),
      isFixed: (row: number) => (fixed?.data[row] ?? 0) !== 0,
      obstacle,
      ground: params.ground ? params.groundHeight : undefined,
    };
    const poses = await settleObjects(scene, params, (seconds) => {
      signal.throwIfAborted();
      progress(
        seconds / params.seconds,
        `${Math.floor(seconds)} s of ${params.seconds} s simulated`,
      );
    });
    poses.forEach((pose, row) => {
      const rows = [16 * row, 16 * row + 16] as const;
      moveMatrix(matrices.subarray(...rows), pose, out.subarray(...rows));
    });
  },
});
