import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertNotEquals } from "@std/assert/not_equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { OutboardError } from "../../../workers/errors.ts";
import { nearestRows } from "../../../workers/kernels/nearest_rows.ts";
import { fillNormal } from "../../../workers/kernels/random_vectors.ts";
import embedPoints from "../../../workers/operations/embed_points.ts";
import { printedSeed } from "../kernels/statistics.ts";
import { runDirectly, type RunOptions } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";

async function embedded(
  data: ArrayLike<number>,
  columns: number,
  params: Record<string, unknown> = {},
  options: RunOptions = {},
) {
  const n = columns === 0 ? 5 : data.length / columns;
  const run = await runDirectly(embedPoints, {
    ...options,
    params: { seed: 3, ...params },
    inputs: { values: { dtype: "float64", shape: [n, columns], data } },
  });
  const out = run.outputs.points!;
  assertEquals([out.dtype, out.shape], ["float32", [n, 3]]);
  assert(out.data.every(Number.isFinite));
  return { points: out.data as Float32Array, looks: run.looks };
}

const CLUSTER = 40;

/** Three clouds of 40 rows, far apart in six columns. */
function clusters(seed: number, stretch = 1): Float64Array {
  const rows = new Float64Array(3 * CLUSTER * 6);
  const end = rows.length / 3;
  fillNormal(rows, { seed, start: 0, end, mean: [0, 0, 0], standardDeviation: 1 });
  return rows.map((x, i) => {
    const cloud = Math.floor(i / 6 / CLUSTER);
    return i % 6 === cloud ? x + 30 : i % 6 === 5 ? stretch * x : x;
  });
}

/** The part of points whose nearest other point is of the same cloud. */
function together(points: Float32Array): number {
  const { indices } = nearestRows(points, { columns: 3, count: 2 }, () => {});
  const cloud = (row: number) => Math.floor(row / CLUSTER);
  return indices.filter(([row, other]) => cloud(row!) === cloud(other!)).length / indices.length;
}

Deno.test("embed_points keeps clouds that are far apart, apart", async () => {
  const seed = printedSeed("clouds");
  for (const flat of [false, true]) {
    const { points } = await embedded(clusters(seed), 6, { flat, seed });
    assertEquals(together(points), 1);
    if (flat) points.forEach((x, i) => assert(i % 3 !== 2 || x === 0));
    for (let axis = 0; axis < 3; axis++) {
      const mean = points.reduce((sum, x, i) => i % 3 === axis ? sum + x : sum, 0) / points.length;
      assert(Math.abs(mean) < 1e-4, `${mean}`);
    }
  }
});

Deno.test("embed_points keeps the neighbours on a ring near each other", async () => {
  const n = 150;
  const ring = Array.from({ length: n }, (_, i) => {
    const angle = 2 * Math.PI * i / n;
    return [Math.cos(angle), Math.sin(angle), 0, Math.cos(angle), 5];
  }).flat();
  const { points } = await embedded(ring, 5, { seed: printedSeed("ring") });
  const { indices } = nearestRows(points, { columns: 3, count: 4 }, () => {});
  const near = indices.flatMap(([row, ...others]) =>
    others.map((other) => Math.min((n + other - row!) % n, (n + row! - other) % n))
  );
  const good = near.filter((steps) => steps <= 12).length / near.length;
  assert(good > 0.95, `${good}`);
});

Deno.test("embed_points gives columns the same weight if wanted", async () => {
  const seed = printedSeed("weights");
  const stretched = clusters(seed, 1000);
  const params = { seed, standardize: true };
  const [fair, unfair] = [
    await embedded(stretched, 6, params),
    await embedded(stretched, 6, { seed }),
  ];
  assert(together(fair.points) > 0.95 && together(unfair.points) < 0.9);
});

Deno.test("embed_points is the same by the same seed and another by another", async () => {
  const rows = clusters(1);
  const [one, again] = [await embedded(rows, 6), await embedded(rows, 6)];
  assertSameBytes(one.points, again.points);
  assertNotEquals((await embedded(rows, 6, { seed: 4 })).points, one.points);
});

Deno.test("embed_points above 4096 rows is the same by the same seed, too", async () => {
  const rows = Float64Array.from({ length: 2 * 4200 }, (_, i) => Math.sin(i * i));
  const params = { epochs: 2, neighbours: 4 };
  const [one, again] = [await embedded(rows, 2, params), await embedded(rows, 2, params)];
  assertSameBytes(one.points, again.points);
});

Deno.test("embed_points does with few rows, rows that are the same, and none", async () => {
  assertEquals((await embedded([], 3)).points.length, 0);
  assertEquals((await embedded([1, 2, 3, 4], 1)).points.length, 12);
  assertEquals((await embedded(new Float64Array(60).fill(7), 2)).points.length, 90);
  for (
    const [data, columns, message] of [[[1, 2, 3], 1, "at least 4"], [[], 0, "a column"]] as const
  ) {
    await assertRejects(() => embedded(data, columns), OutboardError, message);
  }
});

Deno.test("embed_points looks at the cancel flag while it finds and while it places", async () => {
  const { looks } = await embedded(clusters(2), 6);
  for (const cancelAtLook of [1, 9, looks]) {
    const run = () => embedded(clusters(2), 6, {}, { cancelAtLook });
    await assertRejects(run, OutboardError, "cancelled");
  }
});

Deno.test("nearestRows() agrees with sorting all distances", () => {
  const rows = clusters(printedSeed("rows"));
  const { indices, distances } = nearestRows(rows, { columns: 6, count: 7 }, () => {});
  for (let row = 0; row < indices.length; row++) {
    const all = Array.from({ length: indices.length }, (_, other) => ({
      other,
      distance: Math.hypot(
        ...[0, 1, 2, 3, 4, 5].map((k) => rows[6 * row + k]! - rows[6 * other + k]!),
      ),
    })).sort((a, b) => a.distance - b.distance).slice(0, 7);
    assertEquals(indices[row], all.map(({ other }) => other));
    all.forEach(({ distance }, k) => assert(Math.abs(distance - distances[row]![k]!) < 1e-9));
  }
  assertEquals(nearestRows(new Float32Array(0), { columns: 3, count: 2 }, () => {}).indices, []);
});
