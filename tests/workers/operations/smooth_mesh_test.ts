import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { OutboardError } from "../../../workers/errors.ts";
import { fillNormal } from "../../../workers/kernels/random_vectors.ts";
import smoothMesh from "../../../workers/operations/smooth_mesh.ts";
import { printedSeed } from "../kernels/statistics.ts";
import { asInputs, grid, type Mesh, sphere, volumeOf } from "../meshes.ts";
import { cancelRunning, request, runPooled, withSession } from "../run_pooled.ts";
import { type GivenArray, runDirectly } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";

/** One ball keeps 0.28 of its noise, with a standard deviation of 0.012 over seeds: too near to 0.3 by itself. */
const BALLS = 8;

async function smoothed(mesh: Mesh, params: Record<string, unknown>): Promise<Float32Array> {
  const { outputs } = await runDirectly(smoothMesh, { params, inputs: asInputs(mesh) });
  return outputs.points!.data as Float32Array;
}

function noisy(mesh: Mesh, standardDeviation: number, seed: number): Mesh {
  const n = mesh.points.length / 3;
  const noise = new Float64Array(3 * n);
  fillNormal(noise, { seed, start: 0, end: n, mean: [0, 0, 0], standardDeviation });
  return { ...mesh, points: mesh.points.map((x, i) => x + noise[i]!) };
}

/** Standard deviation of the distance to the middle. */
function roughness(points: ArrayLike<number>): number {
  const radii = Array.from(
    { length: points.length / 3 },
    (_, i) => Math.hypot(points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]!),
  );
  const mean = radii.reduce((sum, r) => sum + r, 0) / radii.length;
  return Math.sqrt(radii.reduce((sum, r) => sum + (r - mean) ** 2, 0) / radii.length);
}

Deno.test("smooth_mesh takes noise off a sphere and keeps its volume; without mu it shrinks", async () => {
  const seed = printedSeed("smooth_mesh");
  let left = 0;
  for (let i = 0; i < BALLS; i++) {
    const ball = noisy(sphere(4), 0.01, seed + i);
    const before = volumeOf(ball.points, ball.triangles);
    const kept = await smoothed(ball, { iterations: 50 });
    left += roughness(kept) / roughness(ball.points) / BALLS;
    const change = volumeOf(kept, ball.triangles) / before - 1;
    assert(Math.abs(change) < 0.025, `the volume changes by ${change}`);
    const shrunk = await smoothed(ball, { iterations: 50, mu: 0 });
    assert(volumeOf(shrunk, ball.triangles) < 0.93 * before);
  }
  assert(left < 0.3, `${left} of the noise is left`);
});

Deno.test("smooth_mesh of a tetrahedron is the closed form", async () => {
  const mesh = {
    points: [1, 1, 1, 1, -1, -1, -1, 1, -1, -1, -1, 1],
    triangles: [0, 1, 2, 0, 3, 1, 1, 3, 2, 0, 2, 3],
  };
  const points = await smoothed(mesh, { iterations: 3, lambda: 0.4, mu: -0.5 });
  const factor = ((1 - 0.4 * 4 / 3) * (1 + 0.5 * 4 / 3)) ** 3;
  points.forEach((x, i) => assert(Math.abs(x - factor * mesh.points[i]!) < 1e-7));
});

Deno.test("smooth_mesh leaves the rim of an open mesh, if told to, and everything in 0 passes", async () => {
  const mesh = noisy(grid(20), 0.01, 1);
  const given = Float32Array.from(mesh.points);
  assertSameBytes(await smoothed(mesh, { iterations: 0 }), given);
  const kept = await smoothed(mesh, {});
  const free = await smoothed(mesh, { keepBoundary: false });
  for (let i = 0; i < given.length / 3; i++) {
    const [column, line] = [i % 21, Math.floor(i / 21)];
    const rim = column === 0 || line === 0 || column === 20 || line === 20;
    const moved = (points: Float32Array) =>
      [0, 1, 2].some((k) => points[3 * i + k] !== given[3 * i + k]);
    assertEquals(moved(kept), !rim);
    assert(moved(free));
  }
});

Deno.test("smooth_mesh goes with the mesh: turned and scaled, it is turned and scaled", async () => {
  const mesh = noisy(sphere(2), 0.02, 3);
  const turn = (p: ArrayLike<number>) =>
    Array.from(
      { length: p.length },
      (_, i) => 4 * (i % 3 === 0 ? -p[i + 1]! : i % 3 === 1 ? p[i - 1]! : p[i]!),
    );
  const there = await smoothed({ ...mesh, points: turn(Float32Array.from(mesh.points)) }, {});
  assertSameBytes(there, Float32Array.from(turn(await smoothed(mesh, {}))));
});

Deno.test("smooth_mesh takes both index types and float64, and no mesh at all", async () => {
  const mesh = noisy(sphere(1), 0.02, 3);
  const { points, triangles } = asInputs(mesh);
  const one = await runDirectly(smoothMesh, { inputs: { points, triangles } });
  const signed: GivenArray = { ...triangles, dtype: "int32" };
  const other = await runDirectly(smoothMesh, { inputs: { points, triangles: signed } });
  assertSameBytes(other.outputs.points!.data, one.outputs.points!.data);
  const fine = await runDirectly(smoothMesh, {
    inputs: { points: { ...points, dtype: "float64" }, triangles },
  });
  fine.outputs.points!.data.forEach((x, i) =>
    assert(Math.abs(x - one.outputs.points!.data[i]!) < 1e-6)
  );
  assertEquals((await smoothed({ points: [], triangles: [] }, {})).length, 0);
  assertEquals([...await smoothed({ points: [1, 2, 3], triangles: [] }, {})], [1, 2, 3]);
});

Deno.test("smooth_mesh refuses triangles of points that are not there", async () => {
  const mesh = { points: [0, 0, 0, 1, 1, 1], triangles: [0, 1, 2] };
  const run = () => smoothed(mesh, {});
  const error = await assertRejects(run, OutboardError, "triangle 0 names point 2, there are 2");
  assertEquals([error.code, error.data], ["INVALID_VALUE", { input: "triangles", row: 0 }]);
});

Deno.test("smooth_mesh through the pool: same bytes, refused factors, cancel", () =>
  withSession(async (client) => {
    const mesh = noisy(sphere(3), 0.02, 3);
    const operation = "smooth_mesh";
    const { outputs } = await runPooled(client, { operation, inputs: asInputs(mesh) });
    assertSameBytes(outputs.points!, await smoothed(mesh, {}));
    const wild = { iterations: 10, lambda: 1, mu: -1 };
    const { error } = await request(client, { operation, params: wild, inputs: asInputs(mesh) });
    assertEquals(error?.data.code, "INVALID_PARAMS");
    assertEquals(error?.data.issues[0].path, "mu");
    const params = { iterations: 10_000, mu: 0 };
    const { reply, ms } = await cancelRunning(client, {
      ...{ operation, params, inputs: asInputs(sphere(6)) },
    });
    assertEquals(reply.error?.data.code, "CANCELLED");
    assert(ms < 1000, `${ms} ms`);
  }));
