import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import type { OutboardError } from "../../../workers/errors.ts";
import { findNeighbors } from "../../../workers/kernels/neighbors.ts";
import { largestGain, smoothPoints } from "../../../workers/kernels/smooth_points.ts";
import { grid } from "../meshes.ts";

const TETRAHEDRON = Uint32Array.of(0, 1, 2, 0, 3, 1, 1, 3, 2, 0, 2, 3);

Deno.test("smoothPoints() draws a tetrahedron together by its eigenvalue, 4/3", () => {
  const points = Float64Array.of(1, 1, 1, 1, -1, -1, -1, 1, -1, -1, -1, 1);
  const out = new Float64Array(12);
  const neighbors = findNeighbors(TETRAHEDRON, 4);
  const rows = { neighbors, keepBoundary: true, start: 0, end: 4 };
  smoothPoints(points, out, { ...rows, factor: 0.3 });
  out.forEach((x, i) => assert(Math.abs(x - points[i]! * (1 - 0.3 * 4 / 3)) < 1e-15));
  smoothPoints(points, out, { ...rows, factor: -0.5 });
  out.forEach((x, i) => assert(Math.abs(x - points[i]! * (1 + 0.5 * 4 / 3)) < 1e-15));
});

Deno.test("smoothPoints() leaves an even grid flat and its rows where they are", () => {
  const { points, triangles } = grid(6, 6);
  const given = Float64Array.from(points);
  const neighbors = findNeighbors(Uint32Array.from(triangles), given.length / 3);
  const out = new Float64Array(given.length);
  const rows = { neighbors, start: 0, end: given.length / 3 };
  smoothPoints(given, out, { ...rows, factor: 0.7, keepBoundary: true });
  out.forEach((x, i) => assert(Math.abs(x - given[i]!) < 1e-14));
  smoothPoints(given, out, { ...rows, factor: 0.7, keepBoundary: false });
  assert(out[0]! > 0.1 && out[1]! > 0.1, "the corner comes in");
});

Deno.test("smoothPoints() leaves points without neighbours, and writes only its rows", () => {
  const points = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 9, 9, 9);
  const out = new Float32Array(12).fill(77);
  const neighbors = findNeighbors(Uint32Array.of(0, 1, 2), 4);
  smoothPoints(points, out, { neighbors, factor: 1, keepBoundary: false, start: 1, end: 4 });
  assertEquals([...out], [77, 77, 77, 0, 0.5, 0, 0.5, 0, 0, 9, 9, 9]);
});

Deno.test("smoothPoints() refuses rows that are not there", () => {
  const neighbors = findNeighbors(Uint32Array.of(0, 1, 2), 3);
  const rows = { neighbors, factor: 1, keepBoundary: true, start: 0, end: 3 };
  for (const [points, out] of [[9, 8], [8, 9], [6, 9]]) {
    const run = () => smoothPoints(new Float32Array(points!), new Float32Array(out!), rows);
    assertEquals((assertThrows(run) as OutboardError).code, "INVALID_SHAPE");
  }
});

Deno.test("largestGain() is the largest of the polynomial, found by trying", () => {
  for (const lambda of [0, 0.1, 0.33, 0.5, 0.9, 1]) {
    for (const mu of [0, -0.1, -0.34, -0.53, -0.9, -1]) {
      const tried = Array.from({ length: 20_001 }, (_, i) => i / 10_000)
        .map((k) => Math.abs((1 - lambda * k) * (1 - mu * k)));
      assert(Math.abs(largestGain(lambda, mu) - Math.max(...tried)) < 1e-6, `${lambda} ${mu}`);
    }
  }
});
