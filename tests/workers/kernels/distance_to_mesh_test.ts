import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import { OutboardError } from "../../../workers/errors.ts";
import { closestOnTriangle } from "../../../workers/kernels/closest_on_triangle.ts";
import { distanceToMesh } from "../../../workers/kernels/distance_to_mesh.ts";
import { buildMeshTree } from "../../../workers/kernels/mesh_tree.ts";
import { requireIndices } from "../../../workers/kernels/triangles.ts";
import { withArea } from "../../../workers/kernels/with_area.ts";
import { faceNormals, neighbours, pointNormals } from "../../../workers/kernels/pseudonormals.ts";
import { fillNormal } from "../../../workers/kernels/random_vectors.ts";
import { boxMesh } from "../mesh_shapes.ts";
import { printedSeed } from "./statistics.ts";

function normals(n: number, what: string): Float64Array {
  const out = new Float64Array(3 * n);
  const seed = printedSeed(what);
  fillNormal(out, { seed, start: 0, end: n, mean: [0, 0, 0], standardDeviation: 1 });
  return out;
}

/** 300 triangles that lie about, none joined to another. */
function soup(what: string) {
  const points = normals(900, what);
  return { points, triangles: Uint32Array.from({ length: 900 }, (_, i) => i) };
}

Deno.test("closestOnTriangle() finds no point nearer than its own on a fine raster", () => {
  const { points, triangles } = soup("raster");
  const out = new Float64Array(3);
  for (let row = 0; row < 300; row++) {
    const [x, y, z] = points.subarray(3 * ((row + 7) % 900)) as unknown as [number, number, number];
    closestOnTriangle(points, { triangles, row, x, y, z }, out);
    const found = Math.hypot(x - out[0]!, y - out[1]!, z - out[2]!);
    let best = Infinity;
    const corners = points.subarray(9 * row, 9 * row + 9);
    for (let i = 0; i <= 60; i++) {
      for (let j = 0; i + j <= 60; j++) {
        const weights = [i / 60, j / 60, 1 - (i + j) / 60];
        const at = [0, 1, 2].map((axis) =>
          weights.reduce((sum, weight, k) => sum + weight * corners[3 * k + axis]!, 0)
        );
        best = Math.min(best, Math.hypot(x - at[0]!, y - at[1]!, z - at[2]!));
      }
    }
    assert(found <= best + 1e-12 && found > best - 0.1, `${row}: ${found}, raster ${best}`);
  }
});

Deno.test("buildMeshTree() finds the nearest triangle of all", async () => {
  const { points, triangles } = soup("nearest");
  const tree = await buildMeshTree(points, triangles, () => {});
  const out = new Float64Array(3);
  const asked = normals(300, "asked");
  const distances = new Float64Array(300);
  distanceToMesh(asked, distances, { tree, start: 0, end: 300 });
  distances.forEach((distance, i) => {
    const [x, y, z] = [asked[3 * i]!, asked[3 * i + 1]!, asked[3 * i + 2]!];
    let best = Infinity;
    for (let row = 0; row < 300; row++) {
      closestOnTriangle(points, { triangles, row, x, y, z }, out);
      best = Math.min(best, Math.hypot(x - out[0]!, y - out[1]!, z - out[2]!));
    }
    assert(Math.abs(distance - best) < 1e-12, `[${i}]: ${distance}, of all ${best}`);
  });
});

Deno.test("buildMeshTree() leaves its input as it was", async () => {
  const { points, triangles } = soup("untouched");
  const [before, order] = [points.slice(), triangles.slice()];
  const tree = await buildMeshTree(points, triangles, () => {});
  assertEquals(points, before);
  assertEquals(triangles, order);
  assertEquals(tree.triangles.toSorted(), order);
});

Deno.test("pointNormals() of a cube point along its diagonals, however its quads are cut", () => {
  const { points, triangles } = boxMesh([2, 2, 2]);
  const [where, rows] = [Float32Array.from(points), Uint32Array.from(triangles)];
  const found = pointNormals(where, rows, faceNormals(where, rows));
  found.forEach((x, i) => assert(Math.abs(x - points[i]! / Math.sqrt(3)) < 1e-15, `[${i}] ${x}`));
});

Deno.test("neighbours() are each other's neighbours", () => {
  const rows = Uint32Array.from(boxMesh([1, 1, 1]).triangles);
  const found = neighbours("the mesh", rows);
  found.forEach((other, side) => {
    const back = found.subarray(3 * other, 3 * other + 3);
    assert(back.includes(Math.floor(side / 3)), `${side}`);
  });
});

Deno.test("distanceToMesh() gives NaN for a point of NaN, and refuses lengths that do not agree", async () => {
  const { points, triangles } = soup("special");
  const tree = await buildMeshTree(points, triangles, () => {});
  const out = new Float32Array(1);
  distanceToMesh(Float32Array.of(NaN, 0, 0), out, { tree, start: 0, end: 1 });
  assertEquals(out[0], NaN);
  const short = () => distanceToMesh(new Float32Array(6), out, { tree, start: 0, end: 2 });
  assertEquals((assertThrows(short) as OutboardError).code, "INVALID_SHAPE");
});

Deno.test("requireIndices() and withArea() of nothing are empty", () => {
  assertEquals(requireIndices("the mesh", new Int32Array(0), 0).length, 0);
  assertEquals(withArea(new Float32Array(0), new Uint32Array(0)).length, 0);
});

Deno.test("requireIndices() names the triangle whose index is out of range", () => {
  for (const index of [3, -1]) {
    const triangles = Int32Array.of(0, 1, 2, 0, index, 1);
    const error = assertThrows(() => requireIndices("the mesh", triangles, 3)) as OutboardError;
    assertEquals([error.code, error.data], ["INVALID_VALUE", { input: "the mesh", row: 1 }]);
    assert(error.message.includes(`names point ${index}`), error.message);
  }
  const repeated = Uint32Array.of(0, 1, 1);
  assert(requireIndices("the mesh", repeated, 2).buffer === repeated.buffer);
  assertThrows(() => requireIndices("the mesh", new Int32Array(4), 3), OutboardError);
});
