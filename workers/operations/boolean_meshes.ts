import type { Manifold, ManifoldToplevel } from "manifold-3d";
import { defineOperation, OperationError, z } from "outboard";
import { requireClosed } from "../kernels/closed_mesh.ts";
import { findOpenEdges } from "../kernels/open_edges.ts";
import { type IndexArray, requireTriangles } from "../kernels/triangles.ts";

const input = <const Source extends "mesh" | "second">(source: Source, n: string, m: string) => ({
  points: {
    kind: "points",
    dtype: ["float32", "float64"],
    shape: [n, 3],
    description: source === "mesh"
      ? "The first mesh's vertices"
      : "The second mesh's vertices, in the space of the first one's",
    finite: true,
    source: `${source}.points`,
  },
  triangles: {
    kind: "triangles",
    dtype: ["uint32", "int32"],
    shape: [m, 3],
    description: `The ${source === "mesh" ? "first" : "second"} mesh's triangles`,
    source: `${source}.triangles`,
  },
} as const);

const first = input("mesh", "n", "m");
const second = input("second", "p", "q");

/** What Manifold makes, or its reason not to in our words. */
function refusable(name: string, make: () => Manifold): Manifold {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Error && error.name === "ManifoldError")) throw error;
    const reason = error.message.toLowerCase();
    throw new OperationError(`Cannot use the ${name} mesh as a solid: Manifold calls it ${reason}`);
  }
}

/** A mesh as a solid. Points at one place along open edges are joined first. */
function toSolid(
  { Mesh, Manifold }: ManifoldToplevel,
  name: "first" | "second",
  points: Float32Array | Float64Array,
  indices: IndexArray,
): Manifold {
  const input = name === "first" ? "triangles" : "secondTriangles";
  const triangles = requireTriangles(input, indices, points.length / 3);
  const mesh = new Mesh({
    numProp: 3,
    vertProperties: Float32Array.from(points),
    triVerts: Uint32Array.from(triangles),
  });
  const { open, turned } = findOpenEdges(triangles, points.length / 3, 0);
  if (open + turned > 0) {
    mesh.merge();
    const joined = Uint32Array.from({ length: points.length / 3 }, (_, point) => point);
    mesh.mergeFromVert?.forEach((from, i) => joined[from] = mesh.mergeToVert[i]!);
    requireClosed(name, points, triangles.map((point) => joined[point]!));
  }
  const solid = refusable(name, () => new Manifold(mesh));
  if (solid.isEmpty() && triangles.length > 0) {
    throw new OperationError(`Cannot use the ${name} mesh as a solid: it encloses no volume`);
  }
  if (solid.volume() < 0) {
    throw new OperationError(
      `Cannot use the ${name} mesh as a solid: it is inside out, its faces must look outward`,
    );
  }
  return solid;
}

export default defineOperation({
  title: "Boolean Meshes",
  description: "Unites two closed meshes, cuts one out of the other, or keeps what they share.",
  category: "Mesh",
  params: z.strictObject({
    operation: z.enum(["union", "difference", "intersection"]).default("difference")
      .describe("What becomes of the two meshes")
      .meta({
        outboard: {
          items: {
            union: { title: "Union", description: "What lies in either" },
            difference: { title: "Difference", description: "The first without the second" },
            intersection: { title: "Intersection", description: "What lies in both" },
          },
        },
      }),
  }),
  inputs: {
    points: first.points,
    triangles: first.triangles,
    secondPoints: second.points,
    secondTriangles: second.triangles,
  },
  outputs: {
    points: {
      kind: "points",
      dtype: "float32",
      shape: ["k", 3],
      description: "The result's vertices",
      zeroed: false,
      target: "mesh.new",
    },
    triangles: {
      kind: "triangles",
      dtype: "uint32",
      shape: ["t", 3],
      description: "The result's triangles",
      zeroed: false,
      target: "mesh.new",
    },
  },
  async *run({ params, inputs, allocate }) {
    const { default: load } = await import("manifold-3d");
    // An instance of its own: its memory goes when the run is over.
    const library = await load();
    library.setup();
    yield { fraction: 0.1, message: "Checking the first mesh" };
    const one = toSolid(library, "first", inputs.points.data, inputs.triangles.data);
    yield { fraction: 0.3, message: "Checking the second mesh" };
    const { secondPoints, secondTriangles } = inputs;
    const other = toSolid(library, "second", secondPoints.data, secondTriangles.data);
    yield { fraction: 0.5, message: "Cutting" };
    const result = {
      union: () => one.add(other),
      difference: () => one.subtract(other),
      intersection: () => one.intersect(other),
    }[params.operation]();
    const { vertProperties, triVerts } = result.getMesh();
    if (result.status() !== "NoError") {
      throw new OperationError(`Cannot cut these meshes: Manifold says '${result.status()}'`);
    }
    yield 0.9;
    allocate("points", [vertProperties.length / 3, 3]).data.set(vertProperties);
    allocate("triangles", [triVerts.length / 3, 3]).data.set(triVerts);
  },
});
