import { defineOperation, OperationError, z } from "outboard";
import { layoutGraph } from "../kernels/layout_graph.ts";

export default defineOperation({
  title: "Layout Graph",
  description: "Spreads the points of a mesh so that its edges are alike in length and untangled.",
  category: "Layout",
  params: z.strictObject({
    edgeLength: z.number().min(1e-6).max(1e6).default(1)
      .describe("The length that edges shall have")
      .meta({ outboard: { unit: "length", softMin: 0.01, softMax: 10 } }),
    repulsion: z.number().min(0).max(1000).default(1)
      .describe("How hard points push each other away; edges get longer by it")
      .meta({ outboard: { unit: "factor", softMax: 10 } }),
    pull: z.number().min(0).max(1).default(0.02)
      .describe("How hard points are drawn to the middle; parts without a common edge need it")
      .meta({ outboard: { unit: "factor", precision: 3 } }),
    flat: z.boolean().default(false).describe("Lay out in a plane, at one height"),
    start: z.enum(["scattered", "as_is"]).default("scattered")
      .describe("Where points begin: anew at random, which untangles, or where they are")
      .meta({
        outboard: {
          items: {
            scattered: { title: "Scattered", description: "At random places, by the seed" },
            as_is: { title: "As it is", description: "Where the points are now" },
          },
        },
      }),
    steps: z.int().min(1).max(100_000).default(300)
      .describe("How many steps the layout takes to cool down; more untangles better")
      .meta({ outboard: { softMin: 50, softMax: 2000 } }),
    seed: z.int().min(0).optional()
      .describe("The same seed gives the same layout; left out, one is drawn and reported")
      .meta({ outboard: { drawn: true } }),
  }),
  inputs: {
    points: {
      kind: "points",
      dtype: ["float32", "float64"],
      shape: ["n", 3],
      description: "The points of the graph",
      finite: true,
      source: "mesh.points",
    },
    edges: {
      kind: "edges",
      dtype: ["uint32", "int32"],
      shape: ["e", 2],
      description: "The two points that each edge joins",
      source: "mesh.edges",
    },
  },
  outputs: {
    points: {
      kind: "points",
      dtype: { like: "points" },
      shape: ["n", 3],
      description: "The points where they are now, in the same order, about the same middle",
      zeroed: false,
      target: "mesh.points",
    },
  },
  async run({ params, inputs, allocate, progress, signal }) {
    const { start, seed, ...forces } = params;
    if (seed === undefined) throw new OperationError("Cannot lay out a graph without a seed");
    const options = { ...forces, seed, scatter: start === "scattered", edges: inputs.edges.data };
    await layoutGraph(inputs.points.data, allocate("points").data, options, (fraction) => {
      signal.throwIfAborted();
      progress(fraction);
    });
  },
});
