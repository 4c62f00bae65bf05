import { defineOperation, z } from "outboard";

/** Points between two reports of progress. */
const BLOCK = 16_384;

export default defineOperation({
  title: "Ripple",
  description: "Moves the points of a mesh up and down, in waves around the origin.",
  category: "My operations",
  params: z.strictObject({
    height: z.number().min(0).max(1000).default(0.1)
      .describe("How far the crests rise above the surface")
      .meta({ outboard: { unit: "length", softMax: 1 } }),
    wavelength: z.number().min(0.001).max(1000).default(1)
      .describe("From one crest to the next")
      .meta({ outboard: { unit: "length", softMin: 0.1, softMax: 10 } }),
    phase: z.number().min(-1e6).max(1e6).default(0)
      .describe("Where in its wave the origin stands")
      .meta({ outboard: { unit: "angle" } }),
  }),
  inputs: {
    points: {
      kind: "points",
      dtype: "float32",
      shape: ["n", 3],
      description: "The points, one per row",
      finite: true,
      source: "mesh.points",
    },
  },
  outputs: {
    points: {
      kind: "points",
      dtype: "float32",
      shape: ["n", 3],
      description: "The points where they are now, in the same order",
      target: "mesh.points",
    },
  },
  // A large mesh is split over all threads, each of which gets a range of the n points.
  split: "n",
  *run({ params: { height, wavelength, phase }, inputs, range, allocate }) {
    const from = inputs.points.data;
    const to = allocate("points").data;
    const turns = 2 * Math.PI / wavelength;
    for (let start = range.start; start < range.end; start += BLOCK) {
      const end = Math.min(start + BLOCK, range.end);
      for (let at = 3 * start; at < 3 * end; at += 3) {
        const [x, y, up] = [from[at]!, from[at + 1]!, from[at + 2]!];
        to[at] = x;
        to[at + 1] = y;
        to[at + 2] = up + height * Math.sin(turns * Math.hypot(x, y) + phase);
      }
      // How far it is, from 0 to 1, and the moment in which it can be cancelled.
      yield (end - range.start) / (range.end - range.start);
    }
  },
});
