import { defineOperation, OperationError, z } from "outboard";
import { ambientOcclusion } from "../kernels/ambient_occlusion.ts";
import { blocks } from "../kernels/blocks.ts";
import { buildMeshTree } from "../kernels/mesh_tree.ts";
import { faceNormals, pointNormals } from "../kernels/pseudonormals.ts";
import { requireIndices } from "../kernels/triangles.ts";
import { withArea } from "../kernels/with_area.ts";

/** Rays between two looks at the cancel flag: some 20 ms of work. */
const RAYS = 8192;
/** How much of the run is making the tree. */
const BUILDING = 0.1;
// Squares of lengths up to here stay within float32.
const FARTHEST = 1e18;

export default defineOperation({
  title: "Ambient Occlusion",
  description: "Measures how open the space in front of every point of a mesh is, for shading.",
  category: "Analysis",
  params: z.strictObject({
    samples: z.int().min(1).max(65_536).default(64)
      .describe("How many rays leave every point; four times as many halve the grain")
      .meta({ outboard: { softMin: 16, softMax: 1024 } }),
    distance: z.number().min(0).max(FARTHEST).default(1)
      .describe("How near a surface must be to take light away; 0 for any distance")
      .meta({ outboard: { unit: "length", softMax: 100 } }),
    offset: z.number().min(0).max(FARTHEST).default(0.001)
      .describe("How far in front of the surface the rays begin; more removes specks")
      .meta({ outboard: { unit: "length", softMax: 0.1, precision: 4 } }),
    seed: z.int().min(0).optional()
      .describe("The same seed gives the same grain; left out, one is drawn and reported")
      .meta({ outboard: { drawn: true } }),
  }),
  inputs: {
    points: {
      kind: "points",
      dtype: ["float32", "float64"],
      shape: ["n", 3],
      description: "The points of the mesh",
      finite: true,
      source: "mesh.points",
    },
    triangles: {
      kind: "triangles",
      dtype: ["uint32", "int32"],
      shape: ["t", 3],
      description: "The triangles of the mesh, which shade it",
      source: "mesh.triangles",
    },
    normals: {
      kind: "vectors",
      dtype: ["float32", "float64"],
      shape: ["n", 3],
      description: "Where the surface faces at every point; made of the triangles if left out",
      optional: true,
      finite: true,
      source: "mesh.normals",
    },
  },
  outputs: {
    occlusion: {
      kind: "scalars",
      dtype: "float32",
      shape: ["n"],
      description: "1 where a point is open to all sides, 0 where it is closed in",
      zeroed: false,
      target: "attribute:ambient_occlusion",
    },
  },
  split: "n",
  async run({ params, inputs, range, allocate, progress, signal }) {
    const { samples, offset, seed } = params;
    if (seed === undefined) throw new OperationError("Cannot measure occlusion without a seed");
    const points = inputs.points.data;
    const out = allocate("occlusion").data;
    const triangles = withArea(
      points,
      requireIndices("the mesh", inputs.triangles.data, points.length / 3),
    );
    if (triangles.length === 0) {
      out.fill(1, range.start, range.end);
      return;
    }
    const tree = await buildMeshTree(points, triangles, (fraction) => {
      signal.throwIfAborted();
      progress(BUILDING * fraction, "Sorting the mesh");
    });
    // The tree's order of triangles would do as well, but sums would depend on it.
    const normals = inputs.normals?.data ??
      pointNormals(points, triangles, faceNormals(points, triangles));
    const distance = params.distance === 0 ? Infinity : params.distance;
    for (const { start, end, fraction } of blocks(range, Math.max(1, Math.floor(RAYS / samples)))) {
      signal.throwIfAborted();
      ambientOcclusion(normals, out, { tree, samples, distance, offset, seed, start, end });
      progress(BUILDING + (1 - BUILDING) * fraction, "Casting rays");
    }
  },
});
