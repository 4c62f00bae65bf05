import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import type { OutboardError } from "../../../workers/errors.ts";
import {
  displaceAlongNormals,
  displaceFreely,
  fractalOctaves,
  type Octave,
} from "../../../workers/kernels/fractal_noise.ts";
import { randomSequence } from "../../../workers/kernels/random_sequence.ts";
import { ksDistance, ksLimit, printedSeed } from "./statistics.ts";

const SHAPE = { channel: 0, scale: 2, octaves: 5, lacunarity: 3, gain: 0.25 };

/** Noise that can be summed by hand: the x coordinate. */
const byX = () => (x: number) => x;

Deno.test("fractalOctaves() sums to the closed form for a linear noise", () => {
  const octaves = fractalOctaves({ ...SHAPE, seed: printedSeed("linear"), createNoise: byX });
  const points = Float64Array.of(7, 0, 0, -1.5, 2, 3);
  const normals = Float64Array.of(0, 0, 2, 0, -1, 0);
  const out = new Float64Array(6);
  displaceAlongNormals(points, normals, out, { octaves, strength: 10, start: 0, end: 2 });
  const weights = octaves.map((_, k) => 0.25 ** k);
  const total = (1 - 0.25 ** 5) / (1 - 0.25);
  const valueAt = (x: number) =>
    weights.reduce((sum, w, k) => sum + w * (x * 3 ** k / 2 + octaves[k]!.offset[0]), 0) / total;
  const wanted = [7, 0, 10 * valueAt(7), -1.5, 2 - 10 * valueAt(-1.5), 3];
  wanted.forEach((x, i) => assert(Math.abs(out[i]! - x) < 1e-11 * 1e3, `[${i}] ${out[i]}, ${x}`));
});

Deno.test("fractalOctaves() gives weights that sum to 1, and every octave an offset of its own", () => {
  const octaves = fractalOctaves({ ...SHAPE, seed: 1, createNoise: byX });
  assert(Math.abs(octaves.reduce((sum, { weight }) => sum + weight, 0) - 1) < 1e-15);
  assertEquals(new Set(octaves.flatMap(({ offset }) => offset)).size, 15);
  const other = fractalOctaves({ ...SHAPE, seed: 1, channel: 1, createNoise: byX });
  assert(other[0]!.offset[0] !== octaves[0]!.offset[0]);
  assertEquals(fractalOctaves({ ...SHAPE, octaves: 0, seed: 1, createNoise: byX }), []);
});

const one: Octave[] = [{ noise: () => 1, frequency: 1, weight: 1, offset: [0, 0, 0] }];

Deno.test("displaceAlongNormals() does not mind how long normals are, or that one is missing", () => {
  const points = Float32Array.of(0, 0, 0, 1, 1, 1, 5, 5, 5);
  const normals = Float32Array.of(0, 0, 1e-3, 0, 300, 400, 0, 0, 0);
  displaceAlongNormals(points, normals, points, { octaves: one, strength: 5, start: 0, end: 3 });
  assertEquals([...points], [0, 0, 5, 1, 4, 5, 5, 5, 5]);
});

Deno.test("displaceFreely() moves each axis by a noise of its own", () => {
  const points = Float64Array.of(1, 2, 3);
  const two = [{ ...one[0]!, weight: 2 }];
  displaceFreely(points, points, { octaves: [one, two, []], strength: 0.5, start: 0, end: 1 });
  assertEquals([...points], [1.5, 3, 3]);
});

Deno.test("displacing refuses rows that are not there", () => {
  const [three, four] = [new Float32Array(3), new Float32Array(4)];
  const rows = { strength: 1, start: 0, end: 1 };
  const refused = [
    () => displaceAlongNormals(three, four, three, { octaves: one, ...rows }),
    () => displaceAlongNormals(three, three, three, { octaves: one, ...rows, end: 2 }),
    () => displaceFreely(four, three, { octaves: [one, one, one], ...rows }),
  ];
  for (const run of refused) {
    assertEquals((assertThrows(run) as OutboardError).code, "INVALID_SHAPE");
  }
});

Deno.test("randomSequence() is uniform, and goes on where a batch ends", () => {
  const random = randomSequence(printedSeed("sequence"), 3);
  const numbers = Float64Array.from({ length: 50_000 }, random);
  assertEquals(new Set(numbers).size, numbers.length);
  assert(ksDistance(numbers, (x) => x) < ksLimit(numbers.length));
  const [a, b] = [randomSequence(1, 0), randomSequence(1, 0)];
  // Another draw in between changes nothing.
  assertEquals(
    Array.from({ length: 9000 }, a),
    Array.from({ length: 9000 }, (_, i) => {
      if (i % 1000 === 0) randomSequence(2, 0)();
      return b();
    }),
  );
});
