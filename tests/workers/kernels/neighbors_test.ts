import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import type { OutboardError } from "../../../workers/errors.ts";
import { findNeighbors } from "../../../workers/kernels/neighbors.ts";
import { requireTriangles } from "../../../workers/kernels/triangles.ts";
import { box, grid, sphere } from "../meshes.ts";
import { printedSeed } from "./statistics.ts";

/** The same by sets, without regard to order. */
function slowly(triangles: readonly number[], nPoints: number) {
  const around = Array.from({ length: nPoints }, () => new Map<number, number>());
  for (let i = 0; i < triangles.length; i += 3) {
    for (const [a, b] of [[0, 1], [1, 2], [2, 0]]) {
      const [p, q] = [triangles[i + a!]!, triangles[i + b!]!];
      around[p]!.set(q, (around[p]!.get(q) ?? 0) + 1);
      around[q]!.set(p, (around[q]!.get(p) ?? 0) + 1);
    }
  }
  return around;
}

function assertNeighbors(triangles: readonly number[], nPoints: number): void {
  const { starts, indices, boundary } = findNeighbors(Uint32Array.from(triangles), nPoints);
  for (const [point, wanted] of slowly(triangles, nPoints).entries()) {
    const got = [...indices.subarray(starts[point], starts[point + 1])];
    assertEquals(got.toSorted((a, b) => a - b), [...wanted.keys()].sort((a, b) => a - b));
    assertEquals(boundary[point], [...wanted.values()].includes(1) ? 1 : 0);
  }
}

Deno.test("findNeighbors() agrees with sets, for meshes and for anything", () => {
  for (const { points, triangles } of [box([0, 0, 0], [1, 1, 1]), grid(9), sphere(2)]) {
    assertNeighbors(triangles, points.length / 3);
  }
  let seed = printedSeed("soup") % 2 ** 31;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31) >>> 12;
  const soup = Array.from({ length: 500 }, () => {
    const a = random() % 40;
    return [a, (a + 1 + random() % 19) % 40, (a + 20 + random() % 19) % 40];
  }).flat();
  assertNeighbors(soup, 50);
  assertNeighbors([], 3);
});

Deno.test("findNeighbors() finds the rim of a grid, and none of a closed mesh", () => {
  const cells = 5;
  const { boundary } = findNeighbors(Uint32Array.from(grid(cells).triangles), 36);
  boundary.forEach((flag, i) => {
    const [x, y] = [i % 6, Math.floor(i / 6)];
    assertEquals(flag === 1, x === 0 || y === 0 || x === cells || y === cells);
  });
  const ball = sphere(1);
  const closed = findNeighbors(Uint32Array.from(ball.triangles), ball.points.length / 3);
  assert(closed.boundary.every((flag) => flag === 0));
});

Deno.test("requireTriangles() takes int32 and uint32, and names the triangle that is wrong", () => {
  const good = Uint32Array.of(0, 1, 2, 2, 1, 3);
  assertEquals(requireTriangles("triangles", good, 4), good);
  assertEquals(requireTriangles("triangles", Int32Array.from(good), 4), good);
  assertEquals(requireTriangles("triangles", new Uint32Array(0), 0).length, 0);
  const bad: [number[], string, string][] = [
    [[0, 1, 2, 2, 1, 4], "INVALID_VALUE", "triangle 1 names point 4, there are 4"],
    [[0, 1, -7, 2, 1, 3], "INVALID_VALUE", "triangle 0 names point -7, there are 4"],
    [[0, 1, 2, 2, 3, 3], "INVALID_VALUE", "triangle 1 has one point at two corners (2, 3, 3)"],
    [[0, 1, 2, 2], "INVALID_SHAPE", "wanted a multiple of 3 indices, got 4"],
  ];
  for (const [triangles, code, message] of bad) {
    const error = assertThrows(() =>
      requireTriangles("triangles", Int32Array.from(triangles), 4)
    ) as OutboardError;
    assertEquals(error.code, code);
    assert(error.message.includes(message), error.message);
  }
});
