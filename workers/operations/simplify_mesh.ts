import { defineOperation, z } from "outboard";
import { requireTriangles } from "../kernels/triangles.ts";
import { leaveOutUnused, splitAtSeams, takeRows } from "../kernels/wedges.ts";

/** No limit on the error: beyond any mesh. */
const ANY_ERROR = 1e30;

const ratio = z.strictObject({
  kind: z.literal("ratio"),
  ratio: z.number().min(0).max(1).default(0.5)
    .describe("How many triangles to keep: 0.1 is a tenth")
    .meta({ outboard: { unit: "factor", step: 0.05 } }),
});

const error = z.strictObject({
  kind: z.literal("error"),
  distance: z.number().min(0).max(1e9).default(0.01)
    .describe("How far the surface may stray from where it was, about")
    .meta({ outboard: { unit: "length", softMax: 1, step: 0.01, precision: 4 } }),
});

export default defineOperation({
  title: "Simplify Mesh",
  description: "Makes a mesh of fewer triangles that looks much the same.",
  category: "Mesh",
  params: z.strictObject({
    target: z.discriminatedUnion("kind", [ratio, error])
      .default({ kind: "ratio", ratio: 0.5 })
      .describe("When to stop: at a number of triangles, or where the shape would suffer"),
    lockBoundary: z.boolean().default(false)
      .describe("Leave open edges as they are, so that pieces still fit together"),
    uvWeight: z.number().min(0).max(100).default(1)
      .describe("How much a stretched UV map counts beside the shape, where there is one")
      .meta({ outboard: { softMax: 10, step: 0.1 } }),
  }),
  inputs: {
    points: {
      kind: "points",
      dtype: ["float32", "float64"],
      shape: ["n", 3],
      description: "The vertices",
      finite: true,
      source: "mesh.points",
    },
    triangles: {
      kind: "triangles",
      dtype: ["uint32", "int32"],
      shape: ["m", 3],
      description: "The triangles",
      source: "mesh.triangles",
    },
    uvs: {
      kind: "vectors",
      dtype: ["float32", "float64"],
      shape: ["m", 3, 2],
      description: "A UV for each corner of each triangle",
      optional: true,
      finite: true,
      source: "mesh.uvs",
    },
  },
  outputs: {
    points: {
      kind: "points",
      dtype: { like: "points" },
      shape: ["k", 3],
      description: "The vertices that are left, where they were",
      zeroed: false,
      target: "mesh.new",
    },
    triangles: {
      kind: "triangles",
      dtype: "uint32",
      shape: ["t", 3],
      description: "The triangles that are left",
      zeroed: false,
      target: "mesh.new",
    },
    uvs: {
      kind: "vectors",
      dtype: "float32",
      shape: ["c", 3, 2],
      description: "A UV for each corner of each triangle; none if none were given",
      zeroed: false,
      target: "mesh.new",
    },
  },
  async *run({ params, inputs, allocate }) {
    const { target, lockBoundary, uvWeight } = params;
    const points = inputs.points.data;
    const n = points.length / 3;
    const triangles = requireTriangles("triangles", inputs.triangles.data, n);
    const { MeshoptSimplifier: simplifier } = await import("meshoptimizer/simplifier");
    await simplifier.ready;
    const given = inputs.uvs?.data;
    const wedges = given && splitAtSeams(triangles, given, n);
    yield { fraction: 0.1, message: "Simplifying" };

    const positions = new Float32Array(wedges === undefined ? 3 * n : 3 * wedges.origins.length);
    if (wedges === undefined) positions.set(points);
    else takeRows(points, positions, { rows: wedges.origins, width: 3 });
    const [wanted, limit] = target.kind === "ratio"
      ? [3 * Math.round(target.ratio * triangles.length / 3), ANY_ERROR]
      : [0, target.distance];
    const [left] = simplifier.simplifyWithAttributes(
      wedges?.corners ?? triangles,
      positions,
      3,
      // Without UVs one attribute that is the same everywhere, as there must be some.
      wedges?.uvs ?? new Float32Array(n),
      wedges === undefined ? 1 : 2,
      wedges === undefined ? [0] : [uvWeight, uvWeight],
      null,
      wanted,
      limit,
      ["ErrorAbsolute", ...(lockBoundary ? ["LockBorder" as const] : [])],
    );
    yield 0.9;

    const kept = leaveOutUnused(
      wedges === undefined ? left : left.map((w) => wedges.origins[w]!),
      n,
    );
    const count = left.length / 3;
    allocate("triangles", [count, 3]).data.set(kept.triangles);
    takeRows(points, allocate("points", [kept.used.length, 3]).data, { rows: kept.used, width: 3 });
    const uvs = allocate("uvs", [wedges === undefined ? 0 : count, 3, 2]).data;
    if (wedges !== undefined) takeRows(wedges.uvs, uvs, { rows: left, width: 2 });
  },
});
