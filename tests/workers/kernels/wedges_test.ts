import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { leaveOutUnused, splitAtSeams, takeRows } from "../../../workers/kernels/wedges.ts";
import { grid } from "../meshes.ts";

/** A UV per corner, by the corner's place in the list and its point. */
function uvsOf(triangles: readonly number[], uv: (corner: number, point: number) => number[]) {
  return Float32Array.from(triangles.flatMap((point, corner) => uv(corner, point)));
}

Deno.test("splitAtSeams() gives every corner its point and its UV back", () => {
  const { points, triangles } = grid(7);
  const n = points.length / 3;
  // Random-looking, with some that agree.
  const uvs = uvsOf(triangles, (corner, point) => [point, (corner * 7919) % 3]);
  const wedges = splitAtSeams(Uint32Array.from(triangles), uvs, n);
  const seen = new Set(triangles.map((point, corner) => `${point} ${uvs[2 * corner + 1]}`));
  assertEquals(wedges.origins.length, seen.size);
  assertEquals(wedges.uvs.length, 2 * seen.size);
  triangles.forEach((point, corner) => {
    const wedge = wedges.corners[corner]!;
    assertEquals(wedges.origins[wedge], point);
    assertEquals([...wedges.uvs.subarray(2 * wedge, 2 * wedge + 2)], [
      uvs[2 * corner],
      uvs[2 * corner + 1],
    ]);
  });
});

Deno.test("splitAtSeams() splits nothing where a map has no seams", () => {
  const { points, triangles } = grid(5);
  const uvs = uvsOf(triangles, (_, point) => [points[3 * point]!, points[3 * point + 1]!]);
  const { origins } = splitAtSeams(Uint32Array.from(triangles), uvs, points.length / 3);
  assertEquals(origins.length, points.length / 3);
  assertEquals(new Set(origins).size, origins.length);
});

Deno.test("splitAtSeams() of nothing is nothing, points left alone or not", () => {
  for (const n of [0, 4]) {
    const { corners, origins, uvs } = splitAtSeams(new Uint32Array(0), new Float32Array(0), n);
    assertEquals([corners.length, origins.length, uvs.length], [0, 0, 0]);
  }
});

Deno.test("leaveOutUnused() keeps the order, and takeRows() the rows", () => {
  const { triangles, used } = leaveOutUnused(Uint32Array.of(8, 1, 5, 5, 1, 3), 9);
  assertEquals([...triangles], [3, 0, 2, 2, 0, 1]);
  assertEquals([...used], [1, 3, 5, 8]);
  const out = new Float32Array(8);
  takeRows(Float64Array.from({ length: 18 }, (_, i) => i), out, { rows: used, width: 2 });
  assertEquals([...out], [2, 3, 6, 7, 10, 11, 16, 17]);
  assert(leaveOutUnused(new Uint32Array(0), 3).used.length === 0);
});
