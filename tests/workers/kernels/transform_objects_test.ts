import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import type { OutboardError } from "../../../workers/errors.ts";
import { composeMatrix, type Placement } from "../../../workers/kernels/compose_matrix.ts";
import type { Vector3 } from "../../../workers/kernels/float_array.ts";
import { fillNormal } from "../../../workers/kernels/random_vectors.ts";
import {
  medianOrigin,
  type Pivot,
  transformObjects,
} from "../../../workers/kernels/transform_objects.ts";
import fixture from "../../fixtures/transform_objects/cases.json" with { type: "json" };
import { unevenBounds } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";
import { PLACES } from "./places.ts";
import { ksDistance, ksLimit, normalCdf, printedSeed } from "./statistics.ts";

const ZERO: Vector3 = [0, 0, 0];
const NOTHING: Placement = { translation: ZERO, rotation: ZERO, scale: ZERO };
const UNCHANGED: Placement = { translation: ZERO, rotation: ZERO, scale: [1, 1, 1] };
const STILL = { seed: 0, distribution: "uniform", amounts: NOTHING } as const;
const N = fixture.matrices.length / 16;

/** n objects, each turned, scaled and placed differently. */
function objects(n: number): Float64Array {
  const matrices = new Float64Array(16 * n);
  for (let i = 0; i < n; i++) {
    const parts: Placement = {
      translation: [i, -2 * i, 3],
      rotation: [i, 2 * i, 3 * i],
      scale: [1, 2, 3],
    };
    matrices.set(composeMatrix({ ...parts, pivot: ZERO }), 16 * i);
  }
  return matrices;
}

Deno.test("transformObjects() agrees with numpy about every pivot", () => {
  const common = fixture.common as unknown as Placement;
  // Many times over, so that the SIMD kernel takes part.
  const all = Array.from({ length: 100 }, () => fixture.matrices).flat();
  const cases = [Float32Array, Float64Array].flatMap((Type) =>
    PLACES.map(({ kernel, place }) => ({ Type, kernel, put: place(2 ** 21) }))
  );
  for (const { Type, kernel, put } of cases) {
    const matrices = put(Type.from(all));
    const pivots: Record<string, Pivot> = {
      "world_origin": ZERO,
      "own_origin": "own_origin",
      median: medianOrigin(matrices.subarray(0, 16 * N)),
    };
    for (const [name, expected] of Object.entries(fixture.expected)) {
      const out = put(matrices);
      transformObjects(matrices, out, {
        start: 0,
        end: 100 * N,
        common,
        pivot: pivots[name]!,
        random: STILL,
      });
      const tolerance = Type === Float32Array ? 1e-5 : 1e-13;
      out.forEach((x, i) => {
        const value = expected[i % expected.length]!;
        const what = `${name}, ${kernel} [${i}]: ${x}, numpy ${value}`;
        assert(Math.abs(x - value) < tolerance, what);
      });
    }
  }
});

/** n matrices with numbers of every kind in their upper rows. */
function anyMatrices(n: number, seed: number): Float64Array {
  const special = [NaN, Infinity, -Infinity, 0, -0, 1e-310, -1e300, 2 ** -149, 3.4e38];
  const matrices = new Float64Array(16 * n);
  fillNormal(matrices.subarray(0, 15 * n), {
    ...{ seed, start: 0, end: 5 * n, mean: [0, 0, 0] as const, standardDeviation: 1 },
  });
  for (let i = 0; i < n; i++) {
    matrices[16 * i + i % 12] = special[i % 29] ?? i;
    matrices.set([0, i % 3 === 0 ? -0 : 0, 0, 1], 16 * i + 12);
  }
  return matrices;
}

Deno.test("transformObjects() is the same bytes by either kernel, in parts and in place", () => {
  const n = 3001;
  const seed = printedSeed("either kernel");
  const common: Placement = { translation: [0, -0, 7], rotation: [0.1, 2, 0], scale: [1, -2, 0.5] };
  for (const Type of [Float32Array, Float64Array]) {
    const matrices = Type.from(anyMatrices(n, seed));
    for (const pivot of [ZERO, [1, 2, 3], "own_origin"] as const) {
      const [plain, simd] = PLACES.map(({ place }) => {
        const put = place(2 ** 21);
        const [given, out] = [put(matrices), put(matrices)];
        const options = { common, pivot, random: STILL };
        transformObjects(given, out, { ...options, start: 3, end: 1500 });
        transformObjects(out, out, { ...options, start: 1500, end: n });
        return out;
      });
      assertSameBytes(simd!, plain!);
      assertSameBytes(simd!.subarray(0, 48), matrices.subarray(0, 48));
    }
  }
});

for (const { kernel, place } of PLACES) {
  Deno.test(`transformObjects() names the matrix for row vectors among many (${kernel})`, () => {
    const put = place();
    const matrices = put(objects(500));
    matrices[16 * 421 + 13] = 5;
    const error = assertThrows(() =>
      transformObjects(matrices, put(matrices), {
        ...{ start: 0, end: 500, common: UNCHANGED, pivot: ZERO, random: STILL },
      })
    ) as OutboardError;
    assertEquals([error.code, error.data], ["INVALID_VALUE", { row: 421 }]);
  });
}

Deno.test("medianOrigin() is the mean of the origins", () => {
  const median = medianOrigin(Float64Array.from(fixture.matrices));
  fixture.median.forEach((x, axis) => assert(Math.abs(median[axis]! - x) < 1e-14));
  assertEquals(medianOrigin(new Float32Array(0)), [0, 0, 0]);
});

Deno.test("transformObjects() without a change keeps the matrices", () => {
  const matrices = objects(100);
  for (const pivot of [ZERO, "own_origin", [1, 2, 3]] as const) {
    const out = new Float64Array(1600);
    transformObjects(matrices, out, {
      start: 0,
      end: 100,
      common: UNCHANGED,
      pivot,
      random: STILL,
    });
    out.forEach((x, i) => assert(Math.abs(x - matrices[i]!) < 1e-13, `[${i}]`));
  }
});

Deno.test("transformObjects() draws each object's part in parts of any size, the same bytes", () => {
  const n = 5003;
  const matrices = objects(n);
  const amounts: Placement = { translation: [1, 2, 3], rotation: [1, 0, 2], scale: [0.1, 0.2, 0] };
  const common: Placement = { translation: [1, 0, 0], rotation: [0, 1, 0], scale: [1, 2, 1] };
  for (const distribution of ["uniform", "normal"] as const) {
    const random = { seed: printedSeed(distribution), distribution, amounts };
    const options = { common, pivot: "own_origin", random } as const;
    const whole = new Float64Array(16 * n);
    transformObjects(matrices, whole, { ...options, start: 0, end: n });
    for (const parts of [2, 7]) {
      const out = new Float64Array(16 * n);
      const bounds = unevenBounds(n, parts);
      for (let part = parts - 1; part >= 0; part--) {
        transformObjects(matrices, out, {
          ...options,
          start: bounds[part]!,
          end: bounds[part + 1]!,
        });
      }
      assertSameBytes(out, whole);
    }
    const first = new Float64Array(16 * 5);
    transformObjects(matrices.slice(0, 80), first, { ...options, start: 0, end: 5 });
    assertSameBytes(first, whole.slice(0, 80));
  }
});

Deno.test("transformObjects() spreads the random part as asked", () => {
  const n = 50_000;
  const matrices = new Float64Array(16 * n);
  for (let i = 0; i < n; i++) {
    matrices.set([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], 16 * i);
  }
  const amounts: Placement = { translation: [2, 0, 4], rotation: ZERO, scale: [0.1, 0, 0.2] };
  for (const distribution of ["uniform", "normal"] as const) {
    const out = new Float64Array(16 * n);
    const random = { seed: 20261122, distribution, amounts };
    transformObjects(matrices, out, {
      start: 0,
      end: n,
      common: UNCHANGED,
      pivot: "own_origin",
      random,
    });
    const cdf = distribution === "normal" ? normalCdf : (x: number) => (x + 1) / 2;
    const entry = (k: number) => Array.from({ length: n }, (_, i) => out[16 * i + k]!);
    const samples = {
      "X": entry(3).map((x) => x / 2),
      "Z": entry(11).map((z) => z / 4),
      "X size": entry(0).map((x) => (x - 1) / 0.1),
      "Z size": entry(10).map((z) => (z - 1) / 0.2),
    };
    for (const [name, sample] of Object.entries(samples)) {
      const distance = ksDistance(sample, cdf);
      assert(distance < ksLimit(n), `${distribution} ${name}: distance ${distance}`);
    }
    assert(entry(7).every((y) => y === 0) && entry(5).every((y) => y === 1), distribution);
  }
});

Deno.test("transformObjects() turns each object in place, whatever the common pivot", () => {
  const matrices = objects(50);
  const amounts: Placement = { translation: ZERO, rotation: [1, 1, 1], scale: ZERO };
  const random = { seed: printedSeed("in place"), distribution: "uniform", amounts } as const;
  const out = new Float64Array(800);
  transformObjects(matrices, out, {
    start: 0,
    end: 50,
    common: UNCHANGED,
    pivot: [9, 9, 9],
    random,
  });
  for (let i = 0; i < 800; i += 16) {
    const column = (m: Float64Array, k: number) =>
      Math.hypot(m[i + k]!, m[i + k + 4]!, m[i + k + 8]!);
    for (let k = 0; k < 3; k++) {
      assert(Math.abs(column(out, k) - column(matrices, k)) < 1e-13, "a size changed");
      assert(Math.abs(out[i + 4 * k + 3]! - matrices[i + 4 * k + 3]!) < 1e-12, "an origin moved");
    }
    assert(Math.abs(out[i]! - matrices[i]!) > 1e-6, "an object did not turn");
  }
});

Deno.test("transformObjects() of no objects does nothing", () => {
  const none = new Float64Array(0);
  transformObjects(none, none, { start: 0, end: 0, common: UNCHANGED, pivot: ZERO, random: STILL });
});

Deno.test("transformObjects() lets NaN and infinities through", () => {
  const matrices = objects(2);
  matrices[3] = NaN;
  matrices[19] = Infinity;
  const out = new Float64Array(32);
  const options = { common: UNCHANGED, pivot: "own_origin", random: STILL } as const;
  transformObjects(matrices, out, { start: 0, end: 2, ...options });
  assertEquals([out[3], out[19], out[7]], [NaN, Infinity, 0]);
});

Deno.test("transformObjects() refuses matrices for row vectors and lengths that do not agree", () => {
  const matrices = objects(3);
  matrices.set([0, 0, 5, 1], 16 + 12);
  const options = { start: 0, end: 3, common: UNCHANGED, pivot: ZERO, random: STILL } as const;
  const transposed = assertThrows(() =>
    transformObjects(matrices, matrices, options)
  ) as OutboardError;
  assertEquals([transposed.code, transposed.data], ["INVALID_VALUE", { row: 1 }]);
  for (const length of [47, 32]) {
    const error = assertThrows(() =>
      transformObjects(objects(3), new Float64Array(length), options)
    );
    assertEquals((error as OutboardError).code, "INVALID_SHAPE");
  }
});
