import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import type { OutboardError } from "../../../workers/errors.ts";
import { placeOnSurface } from "../../../workers/kernels/instance_matrices.ts";
import {
  expectedCount,
  scatterFreely,
  scatterSpaced,
} from "../../../workers/kernels/scatter_points.ts";
import { SpacedPoints } from "../../../workers/kernels/spaced_points.ts";
import {
  emptySamples,
  sampleSurface,
  weighSurface,
} from "../../../workers/kernels/surface_samples.ts";
import { areaOf, cross, dot, grid, length, sphere } from "../meshes.ts";
import { column, ksDistance, ksLimit, printedSeed } from "./statistics.ts";

function finish<T>(steps: Generator<number, T>): T {
  let last = 0;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    assert(step.value > 0 && step.value < 1.3 && step.value > last - 0.2, `${step.value}`);
    last = step.value;
  }
}

const plane = grid(8);
const ofPlane = weighSurface(Float64Array.from(plane.points), Uint32Array.from(plane.triangles));

Deno.test("weighSurface() knows the area, and what density speaks for", () => {
  const { points, triangles } = sphere(3);
  const density = Float32Array.from(points.filter((_, i) => i % 3 === 2), (z) => 1 + z);
  const given = [Float32Array.from(points), Uint32Array.from(triangles)] as const;
  const { area, sums } = weighSurface(...given, { density });
  assert(Math.abs(area - areaOf(points, triangles)) < 1e-5);
  // The density's part that goes with z cancels out over a sphere.
  assert(Math.abs(sums.at(-1)! - area) < 1e-5);
  const error = assertThrows(() =>
    weighSurface(...given, { density: density.fill(-1, 7, 8) })
  ) as OutboardError;
  assertEquals([error.code, error.data?.row], ["INVALID_VALUE", 7]);
});

Deno.test("sampleSurface() is even over a square, on its triangles, whatever the mesh", () => {
  const n = 20_000;
  const samples = emptySamples(n);
  const seed = printedSeed("square");
  sampleSurface(ofPlane, samples, { seed, first: 0, at: 0, count: n });
  for (const axis of [0, 1]) {
    const x = column(samples.positions, axis);
    assert(ksDistance(x, (value) => value) < ksLimit(n), `axis ${axis}`);
  }
  assert(column(samples.positions, 2).every((z) => z === 0));
  const [x, y] = [column(samples.positions, 0), column(samples.positions, 1)];
  const sums = x.map((value, i) => value + y[i]!);
  const triangular = (s: number) => s < 1 ? s * s / 2 : 1 - (2 - s) ** 2 / 2;
  assert(ksDistance(sums, triangular) < ksLimit(n));
  samples.triangles.forEach((triangle, i) => {
    const cell = Math.floor(x[i]! * 8) + 8 * Math.floor(y[i]! * 8);
    assertEquals(Math.floor(triangle / 2), cell);
  });
});

Deno.test("sampleSurface() goes by a density that is even between corners", () => {
  const n = 20_000;
  // One triangle, density only at the corner x = 1: weight of that corner is Beta(2, 2) distributed.
  const points = Float64Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0);
  const density = Float64Array.of(0, 5, 0);
  const surface = weighSurface(points, Uint32Array.of(0, 1, 2), { density });
  const samples = emptySamples(n);
  sampleSurface(surface, samples, { seed: printedSeed("density"), first: 0, at: 0, count: n });
  const x = column(samples.positions, 0);
  assert(ksDistance(x, (value) => value * value * (3 - 2 * value)) < ksLimit(n));
  samples.densities.forEach((value, i) => assert(Math.abs(value - 5 * x[i]!) < 1e-12));
});

Deno.test("sampleSurface() of a part is that part of the whole", () => {
  const [whole, part] = [emptySamples(5000), emptySamples(5000)];
  sampleSurface(ofPlane, whole, { seed: 1, first: 0, at: 0, count: 5000 });
  sampleSurface(ofPlane, part, { seed: 1, first: 1234, at: 0, count: 3000 });
  assertEquals(part.positions.subarray(0, 9000), whole.positions.subarray(3702, 12702));
});

Deno.test("SpacedPoints takes what comparing with all would take", () => {
  const n = 6000;
  const samples = emptySamples(n);
  const { points, triangles } = sphere(2, 3);
  const ball = weighSurface(Float64Array.from(points), Uint32Array.from(triangles));
  sampleSurface(ball, samples, { seed: printedSeed("spaced"), first: 0, at: 0, count: n });
  const spaced = new SpacedPoints(0.31);
  const taken: number[][] = [];
  for (let i = 0; i < n; i++) {
    const p = [...samples.positions.subarray(3 * i, 3 * i + 3)];
    const free = taken.every((q) =>
      Math.hypot(p[0]! - q[0]!, p[1]! - q[1]!, p[2]! - q[2]!) >= 0.31
    );
    assertEquals(spaced.add(p[0]!, p[1]!, p[2]!), free);
    if (free) taken.push(p);
  }
  assertEquals([...spaced.positions], taken.flat());
  const many = new SpacedPoints(1);
  for (let i = 0; i < 5000; i++) assert(many.add(i, -i, 0));
  for (let i = 0; i < 5000; i++) assert(!many.add(i + 0.5, -i, 0.5));
});

Deno.test("scatterSpaced() keeps the distance, leaves no large gap, and fills as random packing does", () => {
  const distance = 0.04;
  const seed = printedSeed("poisson");
  const { samples, indices } = finish(scatterSpaced(ofPlane, { seed, distance }));
  const n = indices.length;
  const wanted = expectedCount(1, distance);
  assert(n > 0.85 * wanted && n < 1.25 * wanted, `${n} points, about ${wanted} expected`);
  const nearest = (x: number, y: number, but: number) => {
    let least = Infinity;
    for (let i = 0; i < n; i++) {
      if (i === but) continue;
      least = Math.min(
        least,
        Math.hypot(x - samples.positions[3 * i]!, y - samples.positions[3 * i + 1]!),
      );
    }
    return least;
  };
  for (let i = 0; i < n; i++) {
    assert(nearest(samples.positions[3 * i]!, samples.positions[3 * i + 1]!, i) >= distance);
  }
  for (let i = 0; i < 400; i++) {
    const gap = nearest((i % 20) / 19, Math.floor(i / 20) / 19, -1);
    assert(gap < 2 * distance, `a gap of ${gap}`);
  }
});

Deno.test("scatterSpaced() thins by density: half as many where it is half as high", () => {
  const density = Float64Array.from(plane.points.filter((_, i) => i % 3 === 0));
  const { samples } = finish(
    scatterSpaced({ ...ofPlane, density }, { seed: printedSeed("thinned"), distance: 0.015 }),
  );
  const x = column(samples.positions, 0);
  // Points at a distance are more even than random ones, so the limit for those is wide enough.
  assert(ksDistance(x, (value) => value * value) < ksLimit(x.length), `${x.length} points`);
  const none = { ...ofPlane, density: density.fill(0) };
  assertEquals(finish(scatterSpaced(none, { seed: 1, distance: 0.1 })).indices.length, 0);
});

Deno.test("scattering on nothing gives nothing", () => {
  const nothing = weighSurface(new Float32Array(0), new Uint32Array(0));
  const line = weighSurface(Float32Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2), Uint32Array.of(0, 1, 2));
  for (const surface of [nothing, line]) {
    assertEquals(finish(scatterSpaced(surface, { seed: 1, distance: 1 })).indices.length, 0);
    assertEquals(finish(scatterFreely(surface, { seed: 1, count: 9 })).indices.length, 0);
  }
  assertEquals(finish(scatterFreely(ofPlane, { seed: 1, count: 0 })).indices.length, 0);
});

Deno.test("placeOnSurface() gives a right-handed frame with Z along the normal, turned evenly", () => {
  const { points, triangles } = sphere(1);
  const ball = weighSurface(Float64Array.from(points), Uint32Array.from(triangles));
  const n = 2000;
  const { samples } = finish(scatterFreely(ball, { seed: printedSeed("frames"), count: n }));
  const out = new Float64Array(16 * n);
  const sizes: number[] = [];
  for (let i = 0; i < n; i++) {
    const placing = { seed: 3, turns: 1, scale: 2, variation: 0.5 };
    placeOnSurface(ball, samples, out, { ...placing, sample: i, index: i, to: i });
    const axis = (k: number) => [out[16 * i + k]!, out[16 * i + 4 + k]!, out[16 * i + 8 + k]!];
    const [x, y, z, at] = [axis(0), axis(1), axis(2), axis(3)];
    const size = length(z);
    sizes.push(size);
    for (const other of [dot(x, y), dot(y, z), dot(z, x), length(x) - size, length(y) - size]) {
      assert(Math.abs(other) < 1e-14, `${other}`);
    }
    assert(Math.abs(dot(cross(x, y), z) - size ** 3) < 1e-13);
    // An icosphere's faces look away from its middle, nearly along the place.
    assert(dot(z, at) > 0.9 * size * length(at));
    assertEquals([...out.subarray(16 * i + 12, 16 * i + 16)], [0, 0, 0, 1]);
    assertEquals(at, [...samples.positions.subarray(3 * i, 3 * i + 3)]);
  }
  assert(ksDistance(sizes, (size) => size - 1) < ksLimit(n));
});

Deno.test("placeOnSurface() stands on a ground that faces down, too, and may leave all unturned", () => {
  const points = Float64Array.of(0, 0, 0, 0, 1, 0, 1, 0, 0);
  const ground = weighSurface(points, Uint32Array.of(0, 1, 2));
  const samples = emptySamples(1);
  const out = new Float32Array(16);
  const placing = { seed: 1, turns: 0, scale: 1, variation: 0 };
  placeOnSurface(ground, samples, out, { ...placing, sample: 0, index: 0, to: 0 });
  const wanted = [1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1];
  assertEquals([...out].map((x) => x + 0), wanted);
});
