import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import type { TypedArray } from "../../../workers/array.ts";
import { OutboardError } from "../../../workers/errors.ts";
import simplifyMesh from "../../../workers/operations/simplify_mesh.ts";
import { areaOf, asInputs, eulerOf, grid, type Mesh, row, sphere, volumeOf } from "../meshes.ts";
import { cancelRunning, request, runPooled, withSession } from "../run_pooled.ts";
import { type GivenArray, runDirectly } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";

interface Simplified {
  points: TypedArray;
  triangles: TypedArray;
  uvs: TypedArray;
}

async function simplified(
  mesh: Mesh,
  params: Record<string, unknown>,
  uvs?: number[],
): Promise<Simplified> {
  const more: Record<string, GivenArray> = uvs === undefined
    ? {}
    : { uvs: { dtype: "float32", shape: [mesh.triangles.length / 3, 3, 2], data: uvs } };
  const inputs = { ...asInputs(mesh), ...more };
  const { outputs } = await runDirectly(simplifyMesh, { params, inputs });
  const { points, triangles } = outputs;
  const n = points!.shape[0]!;
  assert(triangles!.data.every((index) => index < n), "every index is in range");
  assertEquals(new Set(triangles!.data).size, n, "every point is in use");
  for (let i = 0; i < triangles!.data.length; i += 3) {
    assertEquals(
      new Set(triangles!.data.subarray(i, i + 3)).size,
      3,
      "three corners are three points",
    );
  }
  return { points: points!.data, triangles: triangles!.data, uvs: outputs.uvs!.data };
}

const ratio = (value: number) => ({ target: { kind: "ratio", ratio: value } });
const error = (distance: number) => ({ target: { kind: "error", distance } });

Deno.test("simplify_mesh keeps a sphere closed and nearly as large, with the triangles asked for", async () => {
  const ball = sphere(5);
  const before = volumeOf(ball.points, ball.triangles);
  for (const part of [0.5, 0.1]) {
    const { points, triangles } = await simplified(ball, ratio(part));
    const count = triangles.length / 3 / (ball.triangles.length / 3);
    assert(Math.abs(count - part) < 0.01, `${count}`);
    assertEquals(eulerOf(triangles), 2);
    assert(Math.abs(volumeOf(points, triangles) / before - 1) < 0.01);
    // The points are some of those that there were.
    for (let i = 0; i < points.length / 3; i += 50) {
      assert(Math.abs(Math.hypot(...row(points, i)) - 1) < 1e-6);
    }
  }
});

Deno.test("simplify_mesh of a flat square leaves few triangles and all of its area, or all of its rim if locked", async () => {
  const flat = grid(16);
  const free = await simplified(flat, error(1e-4));
  assert(free.triangles.length / 3 < 20, `${free.triangles.length / 3} of 512`);
  assert(Math.abs(areaOf(free.points, free.triangles) - 1) < 1e-12);
  const locked = await simplified(flat, { ...error(1e-4), lockBoundary: true });
  const rim = (points: ArrayLike<number>) =>
    Array.from({ length: points.length / 3 }, (_, i) => row(points, i))
      .filter(([x, y]) => x === 0 || y === 0 || x === 1 || y === 1).map(String).sort();
  assertEquals(rim(locked.points), rim(flat.points));
  assert(Math.abs(areaOf(locked.points, locked.triangles) - 1) < 1e-12);
  assertEquals(eulerOf(locked.triangles), 1);
  assert(locked.triangles.length < flat.triangles.length / 3);
});

Deno.test("simplify_mesh strays by the distance allowed, about", async () => {
  const ball = sphere(5, 10);
  const coarse = await simplified(ball, error(0.5));
  const fine = await simplified(ball, error(0.01));
  assert(coarse.triangles.length < 0.3 * fine.triangles.length);
  for (const [{ points, triangles }, distance] of [[coarse, 0.5], [fine, 0.01]] as const) {
    for (let i = 0; i < triangles.length; i += 3) {
      const middle = [0, 1, 2].map((axis) =>
        [0, 1, 2].reduce((sum, k) => sum + points[3 * triangles[i + k]! + axis]! / 3, 0)
      );
      const depth = 10 - Math.hypot(...middle);
      assert(depth < 3 * distance + 0.02, `${depth} where ${distance} is allowed`);
    }
  }
});

/** A tube open at both ends, with a UV map around it that has a seam. */
function tube(around: number, along: number): { mesh: Mesh; uvs: number[] } {
  const mesh: Mesh = { points: [], triangles: [] };
  const uvs: number[] = [];
  for (let level = 0; level <= along; level++) {
    for (let k = 0; k < around; k++) {
      const angle = 2 * Math.PI * k / around;
      mesh.points.push(Math.cos(angle), Math.sin(angle), 4 * level / along);
      if (level === along) continue;
      const at = (step: number, up: number) => (level + up) * around + (k + step) % around;
      mesh.triangles.push(at(0, 0), at(1, 0), at(1, 1), at(0, 0), at(1, 1), at(0, 1));
      for (const [step, up] of [[0, 0], [1, 0], [1, 1], [0, 0], [1, 1], [0, 1]]) {
        uvs.push((k + step!) / around, (level + up!) / along);
      }
    }
  }
  return { mesh, uvs };
}

Deno.test("simplify_mesh keeps UVs with their points, on both sides of a seam", async () => {
  const { mesh, uvs } = tube(48, 40);
  const result = await simplified(mesh, ratio(0.2), uvs);
  assertEquals(result.uvs.length, 2 * result.triangles.length);
  assertEquals(eulerOf(result.triangles), 0);
  let [low, high] = [0, 0];
  for (let corner = 0; corner < result.triangles.length; corner++) {
    const [x, y, z] = row(result.points, result.triangles[corner]!);
    const [u, v] = result.uvs.subarray(2 * corner, 2 * corner + 2);
    assert(Math.abs(Math.cos(2 * Math.PI * u!) - x!) < 1e-5);
    assert(Math.abs(Math.sin(2 * Math.PI * u!) - y!) < 1e-5);
    assert(Math.abs(4 * v! - z!) < 1e-5);
    if (u === 0) low++;
    if (u === 1) high++;
  }
  assert(low > 0 && high > 0, "both sides of the seam are there");
  for (let i = 0; i < result.uvs.length; i += 6) {
    const around = [0, 2, 4].map((k) => result.uvs[i + k]!);
    assert(Math.max(...around) - Math.min(...around) < 0.6, "no triangle reaches across the seam");
  }
});

Deno.test("simplify_mesh of ratio 1 is the mesh, without what is in no triangle", async () => {
  const ball = sphere(1);
  const more = { ...ball, points: [...ball.points, 5, 5, 5] };
  const { points, triangles } = await simplified(more, ratio(1));
  assertSameBytes(points, Float32Array.from(ball.points));
  assertEquals([...triangles], ball.triangles);
});

Deno.test("simplify_mesh of nothing is nothing", async () => {
  for (const points of [[], [1, 2, 3]]) {
    const { triangles, uvs } = await simplified({ points, triangles: [] }, {}, []);
    assertEquals([triangles.length, uvs.length], [0, 0]);
    await simplified({ points, triangles: [] }, error(1));
  }
});

Deno.test("simplify_mesh takes float64 points and int32 triangles, and refuses wrong ones", async () => {
  const { points, triangles } = asInputs(sphere(2));
  const inputs: Record<string, GivenArray> = {
    points: { ...points, dtype: "float64" },
    triangles: { ...triangles, dtype: "int32" },
  };
  const { outputs } = await runDirectly(simplifyMesh, { inputs });
  assertEquals(outputs.points!.dtype, "float64");
  const wrong = { points: [0, 0, 0], triangles: [0, 0, 0] };
  const twice = "triangle 0 has one point at two corners (0, 0, 0)";
  await assertRejects(() => simplified(wrong, {}), OutboardError, twice);
});

Deno.test("simplify_mesh through the pool: same bytes, wrong shapes, cancel", () =>
  withSession(async (client) => {
    const operation = "simplify_mesh";
    const { mesh, uvs } = tube(30, 20);
    const map: GivenArray = { dtype: "float32", shape: [1200, 3, 2], data: uvs };
    const inputs = { ...asInputs(mesh), uvs: map };
    const { outputs } = await runPooled(client, { operation, params: ratio(0.3), inputs });
    const direct = await simplified(mesh, ratio(0.3), uvs);
    assertSameBytes(outputs.points!, direct.points);
    assertSameBytes(outputs.triangles!, direct.triangles);
    assertSameBytes(outputs.uvs!, direct.uvs);
    const short = { ...inputs, uvs: { ...map, shape: [600, 3, 2], data: uvs.slice(0, 3600) } };
    const { error: refused } = await request(client, { operation, inputs: short });
    assertEquals(refused?.data.code, "INVALID_SHAPE");
    const { reply, ms } = await cancelRunning(client, {
      ...{ operation, params: ratio(0.01), inputs: asInputs(sphere(7)) },
    });
    assertEquals(reply.error?.data.code, "CANCELLED");
    assert(ms < 1000, `${ms} ms`);
  }));
