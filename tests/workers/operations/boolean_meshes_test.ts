import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import type { TypedArray } from "../../../workers/array.ts";
import { OutboardError } from "../../../workers/errors.ts";
import booleanMeshes from "../../../workers/operations/boolean_meshes.ts";
import { asInputs, box, eulerOf, grid, type Mesh, sphere, volumeOf } from "../meshes.ts";
import { cancelRunning, runPooled, withSession } from "../run_pooled.ts";
import { type GivenArray, runDirectly } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";

function inputsOf(one: Mesh, other: Mesh): Record<string, GivenArray> {
  const { points, triangles } = asInputs(other);
  return { ...asInputs(one), secondPoints: points, secondTriangles: triangles };
}

async function cut(
  operation: string,
  one: Mesh,
  other: Mesh,
): Promise<{ points: TypedArray; triangles: TypedArray; volume: number }> {
  const { outputs } = await runDirectly(booleanMeshes, {
    ...{ params: { operation }, inputs: inputsOf(one, other) },
  });
  const [points, triangles] = [outputs.points!.data, outputs.triangles!.data];
  assert(triangles.every((index) => index < points.length / 3));
  return { points, triangles, volume: volumeOf(points, triangles) };
}

function assertNear(actual: number, wanted: number, within: number): void {
  assert(Math.abs(actual - wanted) <= within, `wanted ${wanted}, got ${actual}`);
}

const moved = ({ points, triangles }: Mesh, by: readonly number[]): Mesh => ({
  points: points.map((x, i) => x + by[i % 3]!),
  triangles,
});

const unit = box([0, 0, 0], [1, 1, 1]);
const corner = box([0.5, 0.5, 0.5], [1.5, 1.5, 1.5]);
const EMPTY: Mesh = { points: [], triangles: [] };

Deno.test("boolean_meshes of two boxes have the volumes and the shape they must have", async () => {
  const volumes = { union: 1.875, difference: 0.875, intersection: 0.125 };
  for (const [operation, wanted] of Object.entries(volumes)) {
    const { volume, triangles } = await cut(operation, unit, corner);
    assertNear(volume, wanted, 1e-6);
    assertEquals(eulerOf(triangles), 2);
  }
  const bar = box([0.25, 0.25, -1], [0.75, 0.75, 2]);
  const holed = await cut("difference", unit, bar);
  assertNear(holed.volume, 0.75, 1e-6);
  assertEquals(eulerOf(holed.triangles), 0, "one hole");
  const hollow = await cut("difference", unit, box([0.25, 0.25, 0.25], [0.5, 0.5, 0.5]));
  assertNear(hollow.volume, 1 - 1 / 64, 1e-6);
  assertEquals(eulerOf(hollow.triangles), 4, "a surface within a surface");
});

Deno.test("boolean_meshes of two spheres: a lens, and what is in both counts once", async () => {
  const one = sphere(5);
  const other = moved(one, [0.8, 0.3, 0.1]);
  const whole = volumeOf(one.points, one.triangles);
  const lens = (await cut("intersection", one, other)).volume;
  const union = (await cut("union", one, other)).volume;
  const [left, right] = [await cut("difference", one, other), await cut("difference", other, one)];
  assertNear(union, 2 * whole - lens, 1e-5);
  assertNear(left.volume, whole - lens, 1e-5);
  assertNear(right.volume, whole - lens, 1e-5);
  // Two balls of radius 1 at distance d share pi (4 + d) (2 - d)^2 / 12.
  const d = Math.hypot(0.8, 0.3, 0.1);
  const wanted = Math.PI * (4 + d) * (2 - d) ** 2 / 12;
  assertNear(lens, wanted, 0.01 * wanted);
});

Deno.test("boolean_meshes that do not meet, are the same, or are nothing", async () => {
  const far = moved(unit, [5, 0, 0]);
  assertNear((await cut("union", unit, far)).volume, 2, 1e-6);
  assertEquals((await cut("intersection", unit, far)).triangles.length, 0);
  assertEquals((await cut("difference", unit, unit)).triangles.length, 0);
  assertNear((await cut("union", unit, unit)).volume, 1, 1e-6);
  assertNear((await cut("union", EMPTY, unit)).volume, 1, 1e-6);
  assertNear((await cut("difference", unit, EMPTY)).volume, 1, 1e-6);
  assertEquals((await cut("intersection", unit, EMPTY)).points.length, 0);
  assertEquals((await cut("union", EMPTY, EMPTY)).points.length, 0);
});

Deno.test("boolean_meshes joins points at one place along open edges", async () => {
  const points = unit.triangles.flatMap((point) => unit.points.slice(3 * point, 3 * point + 3));
  const loose = { points, triangles: unit.triangles.map((_, i) => i) };
  assertNear((await cut("difference", loose, corner)).volume, 0.875, 1e-6);
});

Deno.test("boolean_meshes says which mesh is not closed, and where", async () => {
  const [a, b, c, ...rest] = unit.triangles as [number, number, number];
  const holed = { ...unit, triangles: rest };
  const cases: [Mesh, Mesh, string, string][] = [
    [grid(1), unit, "INVALID_VALUE", "first mesh as a solid: it is not closed, 4 edges are not"],
    [unit, holed, "INVALID_VALUE", "second mesh as a solid: it is not closed, 3 edges are not"],
    [unit, holed, "INVALID_VALUE", "the first is from vertex 0 to 3, near (0.5, 0.5, 0)"],
    [{ ...unit, triangles: [a, c, b, ...rest] }, unit, "INVALID_VALUE", "face opposite ways"],
    [{ ...unit, triangles: unit.triangles.toReversed() }, unit, "OPERATION_FAILED", "inside out"],
    [
      { points: [0, 0, 0, 1, 0, 0, 0, 1, 0], triangles: [0, 1, 2, 0, 2, 1] },
      ...[unit, "OPERATION_FAILED", "first mesh as a solid: it encloses no volume"] as const,
    ],
    [unit, { ...unit, triangles: [0, 1, 8] }, "INVALID_VALUE", "secondTriangles: triangle 0 names"],
  ];
  for (const [one, other, code, message] of cases) {
    const error = await assertRejects(() => cut("union", one, other), OutboardError, message);
    assertEquals(error.code, code);
  }
});

Deno.test("boolean_meshes through the pool: same bytes, cancel", () =>
  withSession(async (client) => {
    const [one, other] = [sphere(4), moved(sphere(4), [0.5, 0.4, 0.3])];
    const operation = "boolean_meshes";
    const { outputs } = await runPooled(client, { operation, inputs: inputsOf(one, other) });
    const direct = await cut("difference", one, other);
    assertSameBytes(outputs.points!, direct.points);
    assertSameBytes(outputs.triangles!, direct.triangles);
    const large = sphere(7);
    const { reply, ms } = await cancelRunning(client, {
      ...{ operation, inputs: inputsOf(large, moved(large, [0.5, 0.4, 0.3])) },
    });
    assertEquals(reply.error?.data.code, "CANCELLED");
    assert(ms < 1000, `${ms} ms`);
  }));
