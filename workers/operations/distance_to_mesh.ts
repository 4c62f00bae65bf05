import { defineOperation, OperationError, z } from "outboard";
import { blocks } from "../kernels/blocks.ts";
import { distanceToMesh, sidesOf } from "../kernels/distance_to_mesh.ts";
import { buildMeshTree } from "../kernels/mesh_tree.ts";
import { requireIndices } from "../kernels/triangles.ts";
import { withArea } from "../kernels/with_area.ts";

const MESH = "the second mesh";
/** Points between two looks at the cancel flag: 10 to 50 ms of work. */
const BLOCK = 1024;
/** How much of the run is making the tree. */
const BUILDING = 0.3;

export default defineOperation({
  title: "Distance to Mesh",
  description: "Measures how far every point of the active mesh is from a second mesh.",
  category: "Analysis",
  params: z.strictObject({
    signed: z.boolean().default(false)
      .describe("Count distances inside the second mesh as negative; it must be closed"),
  }),
  inputs: {
    points: {
      kind: "points",
      dtype: ["float32", "float64"],
      shape: ["n", 3],
      description: "The points to measure from, in the space of the second mesh's points",
      finite: true,
      source: "mesh.points",
    },
    secondPoints: {
      kind: "points",
      dtype: ["float32", "float64"],
      shape: ["m", 3],
      description: "The points of the mesh to measure to",
      finite: true,
      source: "second.points",
    },
    secondTriangles: {
      kind: "triangles",
      dtype: ["uint32", "int32"],
      shape: ["t", 3],
      description: "The triangles of the mesh to measure to",
      source: "second.triangles",
    },
  },
  outputs: {
    distances: {
      kind: "scalars",
      dtype: "float32",
      shape: ["n"],
      description: "The distance of every point, in the same order",
      zeroed: false,
      target: "attribute:distance",
    },
  },
  split: "n",
  async run({ params: { signed }, inputs, range, allocate, progress, signal }) {
    const out = allocate("distances").data;
    const mesh = inputs.secondPoints.data;
    const triangles = requireIndices(MESH, inputs.secondTriangles.data, mesh.length / 3);
    if (range.start === range.end) return;
    const kept = withArea(mesh, triangles);
    if (kept.length === 0) {
      throw new OperationError(
        "Cannot measure distances: the second mesh has no triangle with an area",
      );
    }
    if (signed && kept.length < triangles.length) {
      throw new OperationError(
        `Cannot tell the inside of ${MESH}: ${(triangles.length - kept.length) / 3} of its ` +
          "triangles have no area (Merge by Distance and Degenerate Dissolve remove them)",
      );
    }
    const tree = await buildMeshTree(mesh, kept, (fraction) => {
      signal.throwIfAborted();
      progress(BUILDING * fraction, "Sorting the second mesh");
    });
    const sides = signed ? sidesOf(MESH, mesh, tree.triangles) : undefined;
    for (const { start, end, fraction } of blocks(range, BLOCK)) {
      signal.throwIfAborted();
      distanceToMesh(inputs.points.data, out, { tree, sides, start, end });
      progress(BUILDING + (1 - BUILDING) * fraction, "Measuring");
    }
  },
});
