import { defineOperation, OperationError, z } from "outboard";
import { buildNavmesh } from "../kernels/build_navmesh.ts";
import { requireIndices } from "../kernels/triangles.ts";
import { withArea } from "../kernels/with_area.ts";

/** Sizes that cells of whole numbers can be made for. */
const SMALLEST = 1e-4;
const LARGEST = 1e5;

export default defineOperation({
  title: "Build Navmesh",
  description: "Makes the mesh of all places where somebody of a given size can walk.",
  category: "Mesh",
  params: z.strictObject({
    agentRadius: z.number().min(0).max(LARGEST).default(0.3)
      .describe("How wide who walks is, from the middle; walls and edges keep this distance")
      .meta({ outboard: { unit: "length", softMax: 5 } }),
    agentHeight: z.number().min(SMALLEST).max(LARGEST).default(1.8)
      .describe("How tall who walks is; lower ceilings are not passed")
      .meta({ outboard: { unit: "length", softMin: 0.1, softMax: 10 } }),
    slope: z.number().min(0).max(Math.fround(Math.PI / 2)).default(Math.PI / 4)
      .describe("The steepest slope that can be walked on, from level")
      .meta({ outboard: { unit: "angle" } }),
    step: z.number().min(0).max(LARGEST).default(0.3)
      .describe("The highest step that can be climbed")
      .meta({ outboard: { unit: "length", softMax: 2 } }),
    cellSize: z.number().min(SMALLEST).max(LARGEST).default(0.1)
      .describe("How finely space is looked at; outlines follow it, half of it in height")
      .meta({ outboard: { unit: "length", softMin: 0.02, softMax: 1 } }),
  }),
  inputs: {
    points: {
      kind: "points",
      dtype: ["float32", "float64"],
      shape: ["n", 3],
      description: "The points of the mesh to walk on, Z up",
      finite: true,
      source: "mesh.points",
    },
    triangles: {
      kind: "triangles",
      dtype: ["uint32", "int32"],
      shape: ["t", 3],
      description: "Its triangles; who walks stands on their fronts",
      source: "mesh.triangles",
    },
  },
  outputs: {
    points: {
      kind: "points",
      dtype: "float32",
      shape: ["m", 3],
      description: "The points of the new mesh, in the space of the old one",
      zeroed: false,
      target: "mesh.new",
    },
    triangles: {
      kind: "triangles",
      dtype: "uint32",
      shape: ["k", 3],
      description: "The triangles of the new mesh, facing up",
      zeroed: false,
      target: "mesh.new",
    },
  },
  async run({ params, inputs, allocate, progress, signal }) {
    const { agentRadius: radius, agentHeight: height, slope, step, cellSize } = params;
    const points = inputs.points.data;
    const given = requireIndices("the mesh", inputs.triangles.data, points.length / 3);
    const options = { agent: { radius, height, slope, step }, cellSize };
    const triangles = withArea(points, given);
    const found = await buildNavmesh(points, triangles, options, (fraction) => {
      signal.throwIfAborted();
      progress(fraction);
    });
    if (found.triangles.length === 0 && given.length > 0) {
      throw new OperationError(
        "Nobody can walk on this mesh: all of it is too steep, too low, too narrow, or faces down",
      );
    }
    allocate("points", [found.points.length / 3, 3]).data.set(found.points);
    allocate("triangles", [found.triangles.length / 3, 3]).data.set(found.triangles);
  },
});
