import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import type { OutboardError } from "../../../workers/errors.ts";
import { composeMatrix } from "../../../workers/kernels/compose_matrix.ts";
import type { FloatArray } from "../../../workers/kernels/float_array.ts";
import { fillNormal } from "../../../workers/kernels/random_vectors.ts";
import { transformPoints } from "../../../workers/kernels/transform_points.ts";
import fixture from "../../fixtures/transform_points/cases.json" with { type: "json" };
import { unevenBounds } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";
import { PLACES, type Put } from "./places.ts";
import { float32Steps, printedSeed } from "./statistics.ts";

const TYPES = { float32: Float32Array, float64: Float64Array };
type DType = keyof typeof TYPES;

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

function normals(n: number, seed: number): Float64Array {
  const out = new Float64Array(3 * n);
  fillNormal(out, { seed, start: 0, end: n, mean: [0, 0, 0], standardDeviation: 1 });
  return out;
}

/** So many times over that the SIMD kernel takes part. */
const COPIES = 1201;

function repeated<Elements extends FloatArray>(array: Elements): Elements {
  const { length, constructor } = array;
  const all = new (constructor as new (length: number) => Elements)(COPIES * length);
  for (let i = 0; i < COPIES; i++) all.set(array, i * length);
  return all;
}

for (const { kernel, place } of PLACES) {
  const test = (title: string, run: (put: Put) => void) =>
    Deno.test(`transformPoints() ${title} (${kernel})`, () => run(place()));

  test("agrees with numpy in every mix of types", () => {
    for (
      const { name, pointsDtype, matricesDtype, points, matrices, expected } of fixture.transforms
    ) {
      const put = place();
      const n = points.length;
      const single = matrices.length === 16;
      const given = put(repeated(TYPES[pointsDtype as DType].from(points)));
      const out = put(given);
      const stack = TYPES[matricesDtype as DType].from(matrices);
      transformPoints(given, out, {
        matrices: single ? stack : repeated(stack),
        start: 0,
        end: given.length / 3,
      });
      out.forEach((x, i) => {
        const value = expected[i % n]!;
        const what = `${name}, ${pointsDtype}, ${matricesDtype} [${i}]: ${x}, numpy ${value}`;
        if (pointsDtype === "float32") assert(float32Steps(x, value) <= 1, what);
        // Sums in another order lose other last places, in proportion to their parts.
        else assert(Math.abs(x - value) <= 1e-14 * Math.max(100, Math.abs(value)), what);
      });
    }
  });

  test("by a matrix is the same bytes as by that matrix for each", (put) => {
    const n = 3001;
    const points = put(Float32Array.from(normals(n, printedSeed("one and each"))));
    const matrix = [...Array(12).keys()].map((x) => Math.fround(x / 7)).concat([0, 0, 0, 1]);
    const [one, each] = [put(points), new Float32Array(3 * n)];
    transformPoints(points, one, { matrices: Float32Array.from(matrix), start: 0, end: n });
    const matrices = Float64Array.from({ length: 16 * n }, (_, i) => matrix[i % 16]!);
    transformPoints(points, each, { matrices, start: 0, end: n });
    assertSameBytes(one, each);
  });

  test("in parts and in place gives the same bytes", () => {
    const n = 10_001;
    for (const last of [[0, 0, 0, 1], [0.1, 0.2, 0.3, 9]]) {
      for (const Type of [Float32Array, Float64Array]) {
        const put = place();
        const points = Type.from(normals(n, printedSeed("parts")));
        const matrices = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6, ...last);
        const whole = new Type(3 * n);
        transformPoints(points, whole, { matrices, start: 0, end: n });
        for (const parts of [1, 2, 7]) {
          const out = put(points);
          const bounds = unevenBounds(n, parts);
          for (let part = 0; part < parts; part++) {
            transformPoints(out, out, { matrices, start: bounds[part]!, end: bounds[part + 1]! });
          }
          assertSameBytes(out, whole);
        }
      }
    }
  });

  test("keeps points under the identity, bit for bit, zeros unsigned", (put) => {
    const points = put(repeated(Float32Array.of(1, -1, 1e-45, 3.4e38, -1e-45, 0.1)));
    const out = put(points);
    const matrices = Float64Array.from(IDENTITY);
    const end = points.length / 3;
    transformPoints(points, out, { matrices, start: 0, end });
    assertSameBytes(out, points);
    const zeros = out.fill(-0);
    transformPoints(zeros, zeros, { matrices, start: 0, end });
    assert(zeros.every((x) => Object.is(x, 0)));
  });

  test("undoes a matrix by its inverse", (put) => {
    const n = 2001;
    const points = put(normals(n, printedSeed("inverse")));
    const out = put(points);
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
    transformPoints(points, out, { matrices: there, start: 0, end: n });
    transformPoints(out, out, { matrices: back, start: 0, end: n });
    out.forEach((value, i) => assert(Math.abs(value - points[i]!) < 1e-13, `[${i}]`));
  });

  test("names the row whose w is 0", (put) => {
    const matrices = Float64Array.from(IDENTITY);
    matrices.set([1, 0, 0, -2], 12);
    const points = put(repeated(Float32Array.of(1, 1, 1, 3, 1, 1)));
    points[3 * 1500] = 2;
    const error = assertThrows(() =>
      transformPoints(points, put(points), { matrices, start: 0, end: points.length / 3 })
    ) as OutboardError;
    assertEquals([error.code, error.data], ["INVALID_VALUE", { row: 1500 }]);
    assert(error.message.includes("point 1500:"), error.message);
  });

  test("lets NaN and infinities through", (put) => {
    const points = put(repeated(Float32Array.of(NaN, 1, 1, Infinity, 1, 1, 3e38, 1, -0)));
    const out = put(points);
    const matrices = Float64Array.of(2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
    transformPoints(points, out, { matrices, start: 0, end: points.length / 3 });
    const expected = [NaN, NaN, NaN, Infinity, NaN, NaN, Infinity, 1, 0];
    assertSameBytes(out, repeated(Float32Array.from(expected)));
  });

  test("writes only the rows asked for", (put) => {
    const [start, end] = [11, 3012];
    for (const Type of [Float32Array, Float64Array]) {
      const points = put(new Type(3 * 4000).fill(1));
      const out = put(points.fill(1).slice().fill(77));
      transformPoints(points, out, { matrices: Float64Array.from(IDENTITY), start, end });
      out.forEach((x, i) => assertEquals(x, i >= 3 * start && i < 3 * end ? 1 : 77));
    }
  });

  test("of no points does nothing", (put) => {
    const none = put(new Float32Array(0));
    transformPoints(none, none, { matrices: Float64Array.from(IDENTITY), start: 0, end: 0 });
    transformPoints(none, none, { matrices: new Float32Array(0), start: 0, end: 0 });
  });
}

/** Numbers of every kind, in any order. */
function anyNumbers(n: number, seed: number): Float64Array {
  const special = [
    NaN,
    Infinity,
    -Infinity,
    0,
    -0,
    1e-310,
    -1e300,
    2 ** -149,
    3.4e38,
    1 + 2 ** -52,
  ];
  return normals(n, seed).map((x, i) => {
    const pick = Math.floor(Math.abs(x) * 1e6) % 40;
    return special[pick] ?? x * 10 ** (i % 30 - 15);
  });
}

Deno.test("transformPoints() is the same bytes by either kernel, whatever the numbers", () => {
  const seed = printedSeed("either kernel");
  for (const Type of [Float32Array, Float64Array]) {
    for (const n of [1024, 1025, 5003]) {
      const points = Type.from(anyNumbers(n, seed + n));
      const matrices = Float64Array.of(...normals(4, seed).subarray(0, 12), 0, 0, 0, 1);
      const [plain, simd] = PLACES.map(({ place }) => {
        const put = place();
        const [given, out] = [put(points), put(points)];
        transformPoints(given, out, { matrices, start: 0, end: n });
        return out;
      });
      assertSameBytes(simd!, plain!);
    }
  }
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
