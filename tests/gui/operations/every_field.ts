import { defineOperation, z } from "outboard";

const length = { outboard: { unit: "length" } } as const;

const row = [0, 1, 2, 3];
const identity = row.map((i) => row.map((j) => Number(i === j)));

export default defineOperation({
  title: "Every field",
  description: "Has a field of every kind; lifts the points of the active mesh.",
  category: "Tests of the panel",
  params: z.strictObject({
    height: z.number().min(0).max(10).default(1).describe("How far up").meta(length),
    angle: z.number().min(-Math.PI).max(Math.PI).default(0.5).describe("How far round")
      .meta({ outboard: { unit: "angle" } }),
    pause: z.number().min(0).max(60).default(0).describe("How long to wait")
      .meta({ outboard: { unit: "time" } }),
    strength: z.number().min(0).max(1).default(0.75).describe("How much of it")
      .meta({ outboard: { unit: "factor" } }),
    count: z.int().min(1).max(1000).default(12).describe("How many"),
    keepShape: z.boolean().default(true).describe("Keep the shape as it is"),
    method: z.enum(["nearest", "linear", "cubic"]).default("linear").describe("How to get between"),
    label: z.string().max(20).default("Lifted").describe("What it is called"),
    picture: z.string().default("").describe("A picture to read")
      .meta({ outboard: { subtype: "file" } }),
    tint: z.tuple([z.number(), z.number(), z.number()]).default([1, 0.4, 0.1])
      .describe("The colour of it").meta({ outboard: { subtype: "color" } }),
    offset: z.tuple([z.number(), z.number(), z.number()]).default([0, 0, 0])
      .describe("Where from").meta({ outboard: { unit: "length", subtype: "translation" } }),
    frame: z.array(z.array(z.number()).length(4)).length(4).default(identity)
      .describe("A frame of its own"),
    limit: z.number().positive().optional().describe("Go no further").meta(length),
    noise: z.strictObject({
      scale: z.number().positive().default(1).describe("The size of the bumps").meta(length),
      octaves: z.int().min(1).max(8).default(3).describe("How many layers"),
      fade: z.strictObject({
        start: z.number().min(0).default(0).meta(length),
        end: z.number().min(0).default(5).meta(length),
      }).describe("Where it fades away"),
    }).describe("Bumps"),
    falloff: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("none") }),
      z.strictObject({
        kind: z.literal("smooth"),
        radius: z.number().positive().default(2).describe("How wide").meta(length),
      }),
    ]).default({ kind: "smooth", radius: 2 }).describe("How it ends"),
    stops: z.array(z.strictObject({
      position: z.number().min(0).max(1).default(0.5).describe("Where along the way")
        .meta({ outboard: { unit: "factor" } }),
      color: z.tuple([z.number(), z.number(), z.number()]).default([1, 1, 1])
        .meta({ outboard: { subtype: "color" } }),
    })).max(4).default([{ position: 0, color: [0, 0, 0] }, { position: 1, color: [1, 1, 1] }])
      .describe("The colours along the way"),
  }),
  inputs: {
    points: {
      kind: "points",
      dtype: "float32",
      shape: ["n", 3],
      description: "The points that are lifted",
      source: "mesh.points",
    },
    weights: {
      kind: "scalars",
      dtype: "float32",
      shape: ["n"],
      description: "How much each of them is lifted",
      optional: true,
    },
  },
  outputs: {
    points: {
      kind: "points",
      dtype: "float32",
      shape: ["n", 3],
      description: "The points, lifted",
      target: "mesh.points",
    },
  },
  run({ allocate, inputs, params }) {
    const out = allocate("points").data;
    out.set(inputs.points.data);
    for (let i = 2; i < out.length; i += 3) out[i]! += params.height;
  },
});
