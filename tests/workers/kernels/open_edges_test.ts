import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import type { OutboardError } from "../../../workers/errors.ts";
import { requireClosed } from "../../../workers/kernels/closed_mesh.ts";
import { findOpenEdges } from "../../../workers/kernels/open_edges.ts";
import { box, grid, sphere } from "../meshes.ts";

const cube = box([0, 0, 0], [2, 2, 2]);

/** The message that the mesh is refused with, and what it names. */
function refusal(triangles: readonly number[]): { message: string; data: unknown } {
  const points = Float32Array.from(cube.points);
  const error = assertThrows(() =>
    requireClosed("first", points, Uint32Array.from(triangles))
  ) as OutboardError;
  assertEquals(error.code, "INVALID_VALUE");
  return { message: error.message, data: error.data };
}

Deno.test("findOpenEdges() finds none in closed meshes, and the rim of open ones", () => {
  for (const { points, triangles } of [cube, sphere(3)]) {
    const found = findOpenEdges(Uint32Array.from(triangles), points.length / 3, 9);
    assertEquals(found, { open: 0, turned: 0, points: [] });
  }
  const { points, triangles } = grid(6);
  const found = findOpenEdges(Uint32Array.from(triangles), points.length / 3, 1000);
  assertEquals([found.open, found.turned, found.points.length], [24, 0, 48]);
  for (const point of found.points) {
    const [x, y] = [points[3 * point]!, points[3 * point + 1]!];
    assert(x === 0 || y === 0 || x === 1 || y === 1);
  }
  assertEquals(findOpenEdges(Uint32Array.from(triangles), points.length / 3, 2).points.length, 4);
});

Deno.test("findOpenEdges() takes cubes that share an edge, and no fin on one", () => {
  // A second cube whose edge from 3 to 7 is the first one's.
  const other = cube.triangles.map((point) => ({ 0: 3, 4: 7 })[point] ?? point + 8);
  const both = Uint32Array.from([...cube.triangles, ...other]);
  assertEquals(findOpenEdges(both, 16, 9).open, 0);
  const fin = Uint32Array.from([...cube.triangles, 3, 7, 8]);
  assertEquals(findOpenEdges(fin, 9, 9).open, 3);
});

Deno.test("requireClosed() says where a triangle is missing", () => {
  const [a, b, c] = cube.triangles as [number, number, number];
  const { message, data } = refusal(cube.triangles.slice(3));
  const sides = [[a, b], [b, c], [a, c]].map((edge) => edge.toSorted().join()).sort();
  const { edges, ...rest } = data as { edges: number[][] };
  assertEquals([edges.map((edge) => edge.join()).sort(), rest], [sides, {
    ...{ input: "triangles", count: 3 },
  }]);
  const wanted =
    "Cannot use the first mesh as a solid: it is not closed, 3 edges are not between " +
    "two triangles; the first is from vertex 0 to 3, near (1, 1, 0)";
  assertEquals(message, wanted);
});

Deno.test("requireClosed() says where triangles face opposite ways", () => {
  const [a, b, c, ...rest] = cube.triangles as [number, number, number];
  const { message, data } = refusal([a, c, b, ...rest]);
  assert(message.includes("3 edges are between triangles that face opposite ways"), message);
  assertEquals((data as { count: number }).count, 3);
  const both = refusal([a, c, b, ...rest.slice(0, -3)]).message;
  assert(both.includes("two triangles and 3 edges are between triangles that face"), both);
});

Deno.test("requireClosed() takes nothing at all", () => {
  requireClosed("first", new Float32Array(0), new Uint32Array(0));
});
