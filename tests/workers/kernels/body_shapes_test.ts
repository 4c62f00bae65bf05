import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import { OutboardError } from "../../../workers/errors.ts";
import { bodyHulls, bodyShape } from "../../../workers/kernels/body_shapes.ts";
import { composeMatrix } from "../../../workers/kernels/compose_matrix.ts";
import type { Vector3 } from "../../../workers/kernels/float_array.ts";
import { moveMatrix } from "../../../workers/kernels/move_matrix.ts";
import { fillNormal } from "../../../workers/kernels/random_vectors.ts";
import { transformPoints } from "../../../workers/kernels/transform_points.ts";
import { printedSeed } from "./statistics.ts";

const BOUNDS = Float64Array.of(-1, 0, 2, 1, 3, 4);
const ZERO: Vector3 = [0, 0, 0];

function normals(n: number, what: string): Vector3[] {
  const out = new Float64Array(3 * n);
  const seed = printedSeed(what);
  fillNormal(out, { seed, start: 0, end: n, mean: ZERO, standardDeviation: 2 });
  return Array.from({ length: n }, (_, i) => [...out.subarray(3 * i, 3 * i + 3)] as never);
}

function corners(): Float64Array {
  return Float64Array.from(
    { length: 24 },
    (_, i) => BOUNDS[3 * (Math.floor(i / 3) >> i % 3 & 1) + i % 3]!,
  );
}

Deno.test("bodyShape() makes the box that the matrix makes of the bounds, mirrored or not", () => {
  const given = normals(60, "boxes");
  for (let k = 0; k < 60; k += 3) {
    const [translation, rotation, drawn] = given.slice(k, k + 3) as [Vector3, Vector3, Vector3];
    // Away from 0, where a side is thickened and the box is no longer that of the matrix.
    const scale = drawn.map((x) => x < 0 ? x - 0.5 : x + 0.5) as unknown as Vector3;
    const matrix = composeMatrix({ translation, rotation, scale, pivot: ZERO });
    const { box, center, points } = bodyShape(matrix, BOUNDS, 0)!;
    const pose = { rotation: box!.rotation, from: ZERO, to: center };
    const turned = new Float64Array(16);
    moveMatrix(Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1), pose, turned);
    const wanted = corners();
    transformPoints(wanted, wanted, { matrices: matrix, start: 0, end: 8 });
    for (let corner = 0; corner < 8; corner++) {
      // Some corner of the box is there; which one depends on how axes were turned round.
      const there = [0, 1, 2, 3, 4, 5, 6, 7].some((other) => {
        const local = box!.half.map((half, axis) => (other >> axis & 1 ? half : -half));
        transformPoints(Float64Array.from(local), place, { matrices: turned, start: 0, end: 1 });
        return place.every((x, axis) => Math.abs(x - wanted[3 * corner + axis]!) < 1e-9);
      });
      assert(there, `box ${k / 3}, corner ${corner}`);
      points.subarray(3 * corner, 3 * corner + 3).forEach((x, axis) =>
        assert(Math.abs(x + center[axis]! - wanted[3 * corner + axis]!) < 1e-4)
      );
    }
  }
});

const place = new Float64Array(3);

Deno.test("bodyShape() makes thin boxes half a percent thick, the other sides as they are", () => {
  const flat = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1e-6, 0, 0, 0, 0, 1);
  const [x, y, z] = bodyShape(flat, BOUNDS, 0)!.box!.half;
  assertEquals([x, y], [1, 1.5]);
  assert(Math.abs(z - 0.005 * 3 / 2) < 1e-12, `${z}`);
});

Deno.test("bodyShape() has no box for what is sheared, and nothing for what has no size", () => {
  const sheared = Float64Array.of(1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
  assertEquals(bodyShape(sheared, BOUNDS, 0)?.box, undefined);
  assertEquals(bodyShape(sheared, new Float64Array(6), 0), undefined);
  assertThrows(() => bodyShape(sheared, BOUNDS, 1), OutboardError, "Cannot use rows 1 to 2");
});

Deno.test("moveMatrix() copies a matrix without a pose, in either type", () => {
  const matrix = Float64Array.from({ length: 16 }, (_, i) => i / 3);
  const out = new Float32Array(16);
  moveMatrix(matrix, undefined, out);
  assertEquals(out, Float32Array.from(matrix));
});

Deno.test("bodyHulls() of no points are none", () => {
  assertEquals(bodyHulls(new Float64Array(0), []).size, 0);
});
