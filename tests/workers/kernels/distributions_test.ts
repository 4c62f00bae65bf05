import { assert } from "@std/assert/assert.js";
import { fillCone, fillInBall, fillOnSphere } from "../../../workers/kernels/random_directions.ts";
import { fillNormal, fillUniform } from "../../../workers/kernels/random_vectors.ts";
import { column, correlation, ksDistance, ksLimit, normalCdf } from "./statistics.ts";

const N = 100_000;
const SEEDS = [1, 20261122, 2 ** 53 - 1];
const TYPES = [Float32Array, Float64Array];

function assertDistributed(
  what: string,
  sample: Iterable<number>,
  cdf: (x: number) => number,
): void {
  const distance = ksDistance(sample, cdf);
  assert(distance < ksLimit(N), `${what}: distance ${distance}, limit ${ksLimit(N)}`);
}

function assertUncorrelated(what: string, a: readonly number[], b: readonly number[]): void {
  const r = correlation(a, b);
  assert(Math.abs(r) < 4.5 / Math.sqrt(a.length), `${what}: correlation ${r}`);
}

/** Between axes, for distributions that are the same all around. */
function assertAxesUncorrelated(what: string, vectors: ArrayLike<number>): void {
  const [x, y, z] = [0, 1, 2].map((axis) => column(vectors, axis));
  assertUncorrelated(`${what}, X and Y`, x!, y!);
  assertUncorrelated(`${what}, Y and Z`, y!, z!);
  assertUncorrelated(`${what}, Z and X`, z!, x!);
}

/** Every type and seed; the seeds are fixed, so a right kernel never fails by bad luck. */
function eachSample(
  name: string,
  fill: (
    out: Float32Array | Float64Array,
    rows: { seed: number; start: number; end: number },
  ) => void,
  check: (what: string, out: Float32Array | Float64Array) => void,
): void {
  for (const seed of SEEDS) {
    for (const Type of TYPES) {
      const out = new Type(3 * N);
      fill(out, { seed, start: 0, end: N });
      const what = `${name}, seed ${seed}, ${Type.name}`;
      check(what, out);
      for (const axis of [0, 1, 2]) {
        const values = column(out, axis);
        assertUncorrelated(`${what}, neighbours`, values.slice(1), values.slice(0, -1));
      }
    }
  }
}

const turns = (y: number, x: number): number => Math.atan2(y, x) / (2 * Math.PI) + 0.5;
const identity = (u: number): number => u;

Deno.test("ksDistance() tells right from nearly right distributions", () => {
  const sample = Array.from({ length: N }, (_, i) => (i + 0.5) / N);
  assert(ksDistance(sample, identity) < 1 / N);
  assert(ksDistance(sample, (u) => u ** 1.05) > ksLimit(N));
});

Deno.test("fillUniform() is uniform on each axis", () => {
  eachSample(
    "uniform",
    (out, rows) => fillUniform(out, { ...rows, low: [-1, 0, 5], high: [1, 100, 5.5] }),
    (what, out) => {
      assertAxesUncorrelated(what, out);
      assertDistributed(what, column(out, 0), (x) => (x + 1) / 2);
      assertDistributed(what, column(out, 1), (x) => x / 100);
      assertDistributed(what, column(out, 2), (x) => (x - 5) * 2);
    },
  );
});

Deno.test("fillNormal() is normal on each axis, in the tails too", () => {
  eachSample(
    "normal",
    (out, rows) => fillNormal(out, { ...rows, mean: [1, -2, 3], standardDeviation: 4 }),
    (what, out) => {
      assertAxesUncorrelated(what, out);
      for (const [axis, mean] of [1, -2, 3].entries()) {
        const standard = column(out, axis).map((x) => (x - mean) / 4);
        assertDistributed(what, standard, normalCdf);
        for (
          const [limit, share] of [[2, 0.0455003], [3, 0.0026998], [3.6541, 0.00025804]] as const
        ) {
          const beyond = standard.filter((x) => Math.abs(x) > limit).length;
          const spread = 4.5 * Math.sqrt(N * share);
          assert(Math.abs(beyond - N * share) < spread, `${what}: ${beyond} beyond ${limit}`);
        }
      }
    },
  );
});

Deno.test("fillOnSphere() is uniform over the area", () => {
  eachSample(
    "on_sphere",
    (out, rows) => fillOnSphere(out, { ...rows, center: [0, 0, 0], radius: 2 }),
    (what, out) => {
      assertAxesUncorrelated(what, out);
      const [x, y, z] = [0, 1, 2].map((axis) => column(out, axis)) as [
        number[],
        number[],
        number[],
      ];
      for (const heights of [x, y, z]) assertDistributed(what, heights, (h) => (h / 2 + 1) / 2);
      assertDistributed(what, x.map((_, i) => turns(y[i]!, x[i]!)), identity);
      assertDistributed(what, x.map((_, i) => turns(z[i]!, y[i]!)), identity);
    },
  );
});

Deno.test("fillInBall() is uniform over the volume", () => {
  eachSample(
    "in_ball",
    (out, rows) => fillInBall(out, { ...rows, center: [0, 0, 0], radius: 3 }),
    (what, out) => {
      assertAxesUncorrelated(what, out);
      const [x, y, z] = [0, 1, 2].map((axis) => column(out, axis)) as [
        number[],
        number[],
        number[],
      ];
      const radii = x.map((_, i) => Math.hypot(x[i]!, y[i]!, z[i]!));
      assertDistributed(what, radii, (r) => (r / 3) ** 3);
      assertDistributed(what, z.map((height, i) => height / radii[i]!), (h) => (h + 1) / 2);
      assertDistributed(what, x.map((_, i) => turns(y[i]!, x[i]!)), identity);
      assertUncorrelated(`${what}, radius and height`, radii, z);
    },
  );
});

Deno.test("fillCone() is uniform over the solid angle", () => {
  const angle = 0.7;
  const cap = 1 - Math.cos(angle);
  // An axis in the plane of X and Z, whose right-angled partners are easy to write down.
  const [s, c] = [0.6, -0.8];
  eachSample(
    "cone",
    (out, rows) => fillCone(out, { ...rows, axis: [s, 0, c], angle }),
    (what, out) => {
      const [x, y, z] = [0, 1, 2].map((axis) => column(out, axis)) as [
        number[],
        number[],
        number[],
      ];
      const along = x.map((_, i) => s * x[i]! + c * z[i]!);
      const across = x.map((_, i) => c * x[i]! - s * z[i]!);
      assertDistributed(what, along, (h) => (h - 1 + cap) / cap);
      assertDistributed(what, x.map((_, i) => turns(y[i]!, across[i]!)), identity);
    },
  );
});

Deno.test("different seeds give independent vectors, high bits included", () => {
  const draw = (seed: number) => {
    const out = new Float32Array(3 * N);
    fillUniform(out, { seed, start: 0, end: N, low: [0, 0, 0], high: [1, 1, 1] });
    return [...out];
  };
  const first = draw(5);
  for (const seed of [4, 6, 5 + 2 ** 32, 5 + 2 ** 52]) {
    assertUncorrelated(`seeds 5 and ${seed}`, first, draw(seed));
  }
});
