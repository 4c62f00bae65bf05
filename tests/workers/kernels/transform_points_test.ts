import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import type { OutboardError } from "../../../workers/errors.ts";
import { composeMatrix } from "../../../workers/kernels/compose_matrix.ts";
import { fillNormal } from "../../../workers/kernels/random_vectors.ts";
import { transformPoints } from "../../../workers/kernels/transform_points.ts";
import fixture from "../../fixtures/transform_points/cases.json" with { type: "json" };
import { unevenBounds } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";
import { float32Steps, printedSeed } from "./statistics.ts";

const TYPES = { float32: Float32Array, float64: Float64Array };
type DType = keyof typeof TYPES;

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

function normals(n: number, seed: number): Float64Array {
  const out = new Float64Array(3 * n);
  fillNormal(out, { seed, start: 0, end: n, mean: [0, 0, 0], standardDeviation: 1 });
  return out;
}

Deno.test("transformPoints() agrees with numpy in every mix of types", () => {
  for (
    const { name, pointsDtype, matricesDtype, points, matrices, expected } of fixture.transforms
  ) {
    const given = TYPES[pointsDtype as DType].from(points);
    const out = new TYPES[pointsDtype as DType](points.length);
    const stack = TYPES[matricesDtype as DType].from(matrices);
    transformPoints(given, out, { matrices: stack, start: 0, end: points.length / 3 });
    expected.forEach((value, i) => {
      const what = `${name}, ${pointsDtype}, ${matricesDtype} [${i}]: ${out[i]}, numpy ${value}`;
      if (pointsDtype === "float32") assert(float32Steps(out[i]!, value) <= 1, what);
      // Sums in another order lose other last places, in proportion to their parts.
      else assert(Math.abs(out[i]! - value) <= 1e-14 * Math.max(100, Math.abs(value)), what);
    });
  }
});

Deno.test("transformPoints() by a matrix is the same bytes as by that matrix for each", () => {
  const n = 1000;
  const points = Float32Array.from(normals(n, printedSeed("one and each")));
  const matrix = [...Array(12).keys()].map((x) => Math.fround(x / 7)).concat([0, 0, 0, 1]);
  const [one, each] = [new Float32Array(3 * n), new Float32Array(3 * n)];
  transformPoints(points, one, { matrices: Float32Array.from(matrix), start: 0, end: n });
  const matrices = Float64Array.from({ length: 16 * n }, (_, i) => matrix[i % 16]!);
  transformPoints(points, each, { matrices, start: 0, end: n });
  assertSameBytes(one, each);
});

Deno.test("transformPoints() in parts and in place gives the same bytes", () => {
  const n = 1001;
  const points = normals(n, printedSeed("parts"));
  const matrices = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6, 0.1, 0.2, 0.3, 9);
  const whole = new Float64Array(3 * n);
  transformPoints(points, whole, { matrices, start: 0, end: n });
  for (const parts of [2, 7]) {
    const out = points.slice();
    const bounds = unevenBounds(n, parts);
    for (let part = 0; part < parts; part++) {
      transformPoints(out, out, { matrices, start: bounds[part]!, end: bounds[part + 1]! });
    }
    assertSameBytes(out, whole);
  }
});

Deno.test("transformPoints() keeps points under the identity, bit for bit, zeros unsigned", () => {
  const points = Float32Array.of(1, -1, 1e-45, 3.4e38, -1e-45, 0.1);
  const out = new Float32Array(6);
  transformPoints(points, out, { matrices: Float64Array.from(IDENTITY), start: 0, end: 2 });
  assertEquals(out, points);
  const zeros = Float32Array.of(-0, -0, -0);
  transformPoints(zeros, zeros, { matrices: Float64Array.from(IDENTITY), start: 0, end: 1 });
  assertEquals([...zeros].map((x) => Object.is(x, 0)), [true, true, true]);
});

Deno.test("transformPoints() undoes a matrix by its inverse", () => {
  const points = normals(500, printedSeed("inverse"));
  const out = new Float64Array(1500);
  const parts = { rotation: [0.3, -2, 1], scale: [1, 1, 1], pivot: [1, 2, 3] } as const;
  const there = composeMatrix({ ...parts, translation: [0, 0, 0] });
  const back = there.slice();
  for (let row = 0; row < 3; row++) {
    back[4 * row + 3] = 0;
    for (let column = 0; column < 3; column++) {
      back[4 * row + column] = there[4 * column + row]!;
      back[4 * row + 3]! -= there[4 * column + row]! * there[4 * column + 3]!;
    }
  }
  transformPoints(points, out, { matrices: there, start: 0, end: 500 });
  transformPoints(out, out, { matrices: back, start: 0, end: 500 });
  out.forEach((value, i) => assert(Math.abs(value - points[i]!) < 1e-13, `[${i}]`));
});

Deno.test("transformPoints() names the row whose w is 0", () => {
  const matrices = Float64Array.from(IDENTITY);
  matrices.set([1, 0, 0, -2], 12);
  const points = Float32Array.of(1, 1, 1, 2, 1, 1, 3, 1, 1);
  const error = assertThrows(() =>
    transformPoints(points, points.slice(), { matrices, start: 0, end: 3 })
  ) as OutboardError;
  assertEquals([error.code, error.data], ["INVALID_VALUE", { row: 1 }]);
  assert(error.message.includes("point 1:"), error.message);
});

Deno.test("transformPoints() lets NaN and infinities through", () => {
  const points = Float32Array.of(NaN, 1, 1, Infinity, 1, 1);
  const out = new Float32Array(6);
  const matrices = Float64Array.of(2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
  transformPoints(points, out, { matrices, start: 0, end: 2 });
  assertEquals([...out], [NaN, NaN, NaN, Infinity, NaN, NaN]);
});

Deno.test("transformPoints() of no points does nothing", () => {
  const none = new Float32Array(0);
  transformPoints(none, none, { matrices: Float64Array.from(IDENTITY), start: 0, end: 0 });
  transformPoints(none, none, { matrices: new Float32Array(0), start: 0, end: 0 });
});

Deno.test("transformPoints() refuses lengths that do not agree", () => {
  const cases = [[7, 6, 16], [6, 3, 16], [6, 6, 15], [9, 9, 32]];
  for (const [points, out, matrices] of cases) {
    const rows = { start: 0, end: Math.ceil(points! / 3) };
    const error = assertThrows(() =>
      transformPoints(new Float32Array(points!), new Float32Array(out!), {
        matrices: new Float32Array(matrices!),
        ...rows,
      })
    ) as OutboardError;
    assertEquals(error.code, "INVALID_SHAPE");
  }
});

Deno.test("composeMatrix() agrees with numpy", () => {
  for (const { parts, expected } of fixture.compositions) {
    const matrix = composeMatrix(parts as unknown as Parameters<typeof composeMatrix>[0]);
    expected.forEach((value, i) => assert(Math.abs(matrix[i]! - value) < 1e-13, `[${i}]`));
  }
});

Deno.test("composeMatrix() of nothing is the identity", () => {
  const zero = [0, 0, 0] as const;
  const matrix = composeMatrix({
    translation: zero,
    rotation: zero,
    scale: [1, 1, 1],
    pivot: zero,
  });
  assertEquals([...matrix].map((x) => x + 0), IDENTITY);
});
