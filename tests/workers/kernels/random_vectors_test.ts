import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import { OutboardError } from "../../../workers/errors.ts";
import type { FloatArray, Rows } from "../../../workers/kernels/float_array.ts";
import { fillCone, fillInBall, fillOnSphere } from "../../../workers/kernels/random_directions.ts";
import { fillNormal, fillUniform } from "../../../workers/kernels/random_vectors.ts";
import fixture from "../../fixtures/random_vectors/vectors.json" with { type: "json" };
import { digest, unevenBounds } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";
import { printedSeed } from "./statistics.ts";

type Fill = (out: FloatArray, rows: Rows & { seed: number }) => void;

const FILLS: Record<string, Fill> = {
  uniform: (out, rows) => fillUniform(out, { ...rows, low: [0, 0, 0], high: [1, 1, 1] }),
  normal: (out, rows) => fillNormal(out, { ...rows, mean: [0, 0, 0], standardDeviation: 1 }),
  "on_sphere": (out, rows) => fillOnSphere(out, { ...rows, center: [0, 0, 0], radius: 1 }),
  "in_ball": (out, rows) => fillInBall(out, { ...rows, center: [0, 0, 0], radius: 1 }),
  cone: (out, rows) => fillCone(out, { ...rows, axis: [0, 0, 1], angle: 0.3 }),
};
const TYPES = { float32: Float32Array, float64: Float64Array };

Deno.test("random vectors agree with a second implementation", () => {
  for (const { kind, seed, dtype, expected } of fixture.vectors) {
    const out = new TYPES[dtype as keyof typeof TYPES](expected.length);
    FILLS[kind]!(out, { seed, start: 0, end: expected.length / 3 });
    const tolerance = dtype === "float32" ? 2 ** -23 : 1e-14;
    expected.forEach((value, i) => {
      const difference = Math.abs(out[i]! - value);
      assert(difference <= tolerance * Math.max(1, Math.abs(value)), `${kind} ${seed} [${i}]`);
    });
  }
});

Deno.test("fillNormal() agrees with a second implementation where numbers are drawn again", () => {
  for (const { index, expected } of fixture.slow) {
    const out = new Float64Array(3 * (index + 1));
    FILLS.normal!(out, { seed: 7, start: index, end: index + 1 });
    expected.forEach((value, axis) => {
      assert(Math.abs(out[3 * index + axis]! - value) < 1e-13, `index ${index} axis ${axis}`);
    });
  }
});

Deno.test("random vectors are the same bytes in one part, 2 and 7, and for the first of more", () => {
  const n = 10_007;
  for (const [kind, fill] of Object.entries(FILLS)) {
    const seed = printedSeed(kind);
    for (const Type of Object.values(TYPES)) {
      const whole = new Type(3 * n);
      fill(whole, { seed, start: 0, end: n });
      for (const parts of [2, 7]) {
        const out = new Type(3 * n);
        const bounds = unevenBounds(n, parts);
        // Backwards, as threads finish in any order.
        for (let part = parts - 1; part >= 0; part--) {
          fill(out, { seed, start: bounds[part]!, end: bounds[part + 1]! });
        }
        assertSameBytes(out, whole);
      }
      for (const k of [1, 2, 3, 2048, 2049]) {
        const first = new Type(3 * k);
        fill(first, { seed, start: 0, end: k });
        assertSameBytes(first, whole.slice(0, 3 * k));
      }
    }
  }
});

// On every machine and in every version: what was drawn with a seed once must come again.
const DIGESTS: Record<string, [string, string]> = {
  uniform: ["7e5f80592b4b9615", "76095ebe16e38cc6"],
  normal: ["bc245a0335c1d158", "ae8d27543373802d"],
  "on_sphere": ["95625876c1323600", "e8511475edea9dd6"],
  "in_ball": ["a874556d7c4d3191", "6e3bddcb70745307"],
  cone: ["ab1afe387d691e28", "a2563bc778a43c83"],
};

Deno.test("random vectors keep their bytes for ever", async () => {
  const found: typeof DIGESTS = {};
  for (const [kind, fill] of Object.entries(FILLS)) {
    const digests: string[] = [];
    for (const Type of Object.values(TYPES)) {
      const out = new Type(30_000);
      fill(out, { seed: 20261122, start: 0, end: 10_000 });
      digests.push((await digest(out)).slice(0, 16));
    }
    found[kind] = digests as [string, string];
  }
  assertEquals(found, DIGESTS);
});

Deno.test("fillUniform() never reaches the open bound, whatever the rounding", () => {
  const seed = printedSeed("fillUniform()");
  const boxes: [number, number][] = [
    [0, 1],
    [-1, 1],
    [1, 1 + 2 ** -23],
    [1, 1 + 2 ** -22],
    [-1e-40, 1e-40],
    [-3, 0],
    [1e18, 1.0001e18],
    [0.1, 0.3],
  ];
  for (const [low, high] of boxes) {
    for (const Type of Object.values(TYPES)) {
      const [from, to] = Type === Float32Array
        ? [Math.fround(low), Math.fround(high)]
        : [low, high];
      const out = new Type(30_000);
      const box = { low: [low, low, low], high: [high, high, high] } as const;
      fillUniform(out, { seed, start: 0, end: 10_000, ...box });
      assert(out.every((x) => x >= from && x < to), `${Type.name} [${low}, ${high})`);
    }
  }
});

Deno.test("random vectors keep their distance and angle", () => {
  const seed = printedSeed("bounds");
  for (const Type of Object.values(TYPES)) {
    const out = new Type(30_000);
    const last = Type === Float32Array ? 3e-7 : 1e-15;
    const rows = { seed, start: 0, end: 10_000 };
    const each = (check: (x: number, y: number, z: number) => boolean) => {
      for (let i = 0; i < out.length; i += 3) {
        assert(check(out[i]!, out[i + 1]!, out[i + 2]!), `${out.slice(i, i + 3)}`);
      }
    };
    FILLS.on_sphere!(out, rows);
    each((x, y, z) => Math.abs(Math.hypot(x, y, z) - 1) <= last);
    FILLS.in_ball!(out, rows);
    each((x, y, z) => Math.hypot(x, y, z) <= 1 + last);
    for (const angle of [1e-6, 0.3, Math.PI / 2, 3]) {
      fillCone(out, { ...rows, axis: [3, -2, -4], angle });
      const axis = [3, -2, -4].map((x) => x / Math.sqrt(29)) as [number, number, number];
      each((x, y, z) => {
        const apart = Math.hypot(x - axis[0], y - axis[1], z - axis[2]);
        return Math.abs(Math.hypot(x, y, z) - 1) <= last &&
          2 * Math.asin(apart / 2) <= angle + 2 * last;
      });
    }
  }
});

Deno.test("random vectors shrink to a point where there is no room", () => {
  const out = new Float32Array(6);
  const rows = { seed: 1, start: 0, end: 2 };
  fillUniform(out, { ...rows, low: [1, 2, 3], high: [1, 2, 3] });
  assertEquals([...out], [1, 2, 3, 1, 2, 3]);
  fillNormal(out, { ...rows, mean: [1, 2, 3], standardDeviation: 0 });
  assertEquals([...out], [1, 2, 3, 1, 2, 3]);
  for (const fill of [fillOnSphere, fillInBall]) {
    fill(out, { ...rows, center: [1, 2, 3], radius: 0 });
    assertEquals([...out], [1, 2, 3, 1, 2, 3]);
  }
  fillCone(out, { ...rows, axis: [0, -1e-300, 0], angle: 0 });
  assertEquals([...out].map((x) => x + 0), [0, -1, 0, 0, -1, 0]);
});

Deno.test("random vectors write only the rows asked for", () => {
  for (const fill of Object.values(FILLS)) {
    const out = new Float64Array(15).fill(77);
    fill(out, { seed: 1, start: 2, end: 2 });
    assertEquals(out, new Float64Array(15).fill(77));
    fill(out, { seed: 1, start: 1, end: 3 });
    assertEquals([...out].map((x) => x === 77), [0, 1, 1, 0, 0].flatMap((x) => [!x, !x, !x]));
  }
});

Deno.test("random vectors refuse rows beyond the array, and an axis without direction", () => {
  for (const fill of Object.values(FILLS)) {
    for (const [start, end] of [[0, 6], [-1, 2], [3, 2]] as const) {
      const error = assertThrows(() => fill(new Float32Array(15), { seed: 1, start, end }));
      assertEquals((error as OutboardError).code, "INVALID_SHAPE");
    }
    assertThrows(() => fill(new Float32Array(16), { seed: 1, start: 0, end: 1 }), OutboardError);
  }
  for (const axis of [[0, 0, 0], [NaN, 0, 1], [Infinity, 0, 0]] as const) {
    const rows = { seed: 1, start: 0, end: 1, angle: 1 };
    const error = assertThrows(() => fillCone(new Float32Array(3), { ...rows, axis }));
    assertEquals((error as OutboardError).code, "INVALID_VALUE");
  }
});
