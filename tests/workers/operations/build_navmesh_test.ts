import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { OutboardError } from "../../../workers/errors.ts";
import buildNavmesh from "../../../workers/operations/build_navmesh.ts";
import {
  boxMesh,
  gridMesh,
  joined,
  type Mesh,
  pointsArray,
  trianglesArray,
} from "../mesh_shapes.ts";
import { runDirectly, type RunOptions } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";

const AGENT = { agentRadius: 0.5, agentHeight: 2, step: 0.3, cellSize: 0.1 };

async function navmesh(
  mesh: Mesh,
  params: Record<string, unknown> = {},
  options: RunOptions = {},
) {
  const { outputs, looks } = await runDirectly(buildNavmesh, {
    ...options,
    params: { ...AGENT, ...params },
    inputs: { points: pointsArray(mesh.points), triangles: trianglesArray(mesh.triangles) },
  });
  const [points, triangles] = [outputs.points!, outputs.triangles!];
  assertEquals([points.dtype, triangles.dtype], ["float32", "uint32"]);
  for (const index of triangles.data) assert(index < points.shape[0]!, `${index}`);
  return { points: points.data, triangles: triangles.data, looks };
}

type Built = Awaited<ReturnType<typeof navmesh>>;

/** The area as seen from above; triangles that face down count against it. */
function areaAbove({ points, triangles }: Built): number {
  let area = 0;
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => 3 * triangles[i + k]!) as [number, number, number];
    const twice = (points[b]! - points[a]!) * (points[c + 1]! - points[a + 1]!) -
      (points[c]! - points[a]!) * (points[b + 1]! - points[a + 1]!);
    assert(twice > 0, `triangle ${i / 3} faces up`);
    area += twice / 2;
  }
  return area;
}

/** How many parts there are that share no corner. */
function parts({ points, triangles }: Built): number {
  const group = Array.from({ length: points.length / 3 }, (_, i) => i);
  const root = (i: number): number => group[i] === i ? i : root(group[i]!);
  for (let i = 0; i < triangles.length; i += 3) {
    group[root(triangles[i]!)] = root(triangles[i + 1]!);
    group[root(triangles[i + 1]!)] = root(triangles[i + 2]!);
  }
  return new Set(group.map((_, i) => root(i))).size;
}

function moved({ points, triangles }: Mesh, by: readonly number[]): Mesh {
  return { points: points.map((x, i) => x + by[i % 3]!), triangles };
}

function assertNear(found: number, wanted: number, tolerance: number): void {
  assert(Math.abs(found - wanted) <= tolerance, `${found}, wanted ${wanted}`);
}

Deno.test("build_navmesh of a floor is the floor less the agent's radius, at its height", async () => {
  const built = await navmesh(moved(gridMesh(4, 10), [100, -50, 3]));
  // Half a metre away from the edges, and the one cell before them, where it goes down.
  assertNear(areaAbove(built), (10 - 2 * 0.6) ** 2, 0.1);
  for (let i = 0; i < built.points.length; i += 3) {
    assert(Math.abs(built.points[i]! - 100) < 4.41 && Math.abs(built.points[i + 1]! + 50) < 4.41);
    assertNear(built.points[i + 2]!, 3.025, 0.0251);
  }
});

Deno.test("build_navmesh goes around a pillar, and under a roof that is high enough", async () => {
  const floor = gridMesh(4, 10);
  const pillar = moved(boxMesh([2, 2, 6]), [0, 0, 2]);
  // The pillar, its sides moved out by 1, and quarter discs at its corners; nobody stands on its top.
  const around = await navmesh(joined(floor, pillar), { agentRadius: 1 });
  assertNear(areaAbove(around), (10 - 2 * 1.1) ** 2 - (4 + 4 * 2 + Math.PI), 1);
  const roof = (height: number) => joined(floor, moved(boxMesh([20, 20, 0.2]), [0, 0, height]));
  const under = (built: Built) => {
    const heights = Array.from(built.points).filter((_, i) => i % 3 === 2);
    return heights.some((z) => z < 1);
  };
  assert(under(await navmesh(roof(3))), "the roof is high enough");
  assert(!under(await navmesh(roof(1.5))), "the roof is too low");
});

Deno.test("build_navmesh climbs steps up to the highest", async () => {
  const stairs = (rise: number) =>
    joined(gridMesh(1, 6), moved(boxMesh([6, 6, 2]), [6, 0, rise - 1]));
  assertEquals(parts(await navmesh(stairs(0.2))), 1);
  assertEquals(parts(await navmesh(stairs(1))), 2);
});

Deno.test("build_navmesh walks slopes up to the steepest", async () => {
  const tilted = (angle: number): Mesh => {
    const { points, triangles } = gridMesh(4, 10);
    const turned = points.map((x, i) =>
      i % 3 === 0 ? x * Math.cos(angle) : i % 3 === 1 ? x : points[i - 2]! * Math.sin(angle)
    );
    return { points: turned, triangles };
  };
  const built = await navmesh(tilted(0.6), { slope: 0.65 });
  assertNear(areaAbove(built), 8.8 * (10 * Math.cos(0.6) - 1.2), 2);
  await assertRejects(
    () => navmesh(tilted(0.6), { slope: 0.55 }),
    OutboardError,
    "Nobody can walk",
  );
});

Deno.test("build_navmesh is the same every time, and empty for nothing", async () => {
  const mesh = joined(gridMesh(7, 12), moved(boxMesh([1, 2, 3]), [1, 1, 1]));
  const [one, again] = [await navmesh(mesh), await navmesh(mesh)];
  assertSameBytes(one.points, again.points);
  assertSameBytes(one.triangles, again.triangles);
  const none = await navmesh({ points: [], triangles: [] });
  assertEquals([none.points.length, none.triangles.length], [0, 0]);
});

Deno.test("build_navmesh says what it cannot do, and looks at the cancel flag", async () => {
  const floor = gridMesh(1, 10);
  const down = { ...floor, triangles: floor.triangles.toReversed() };
  await assertRejects(() => navmesh(down), OutboardError, "faces down");
  const bad = { ...floor, triangles: [0, 1, 9] };
  await assertRejects(() => navmesh(bad), OutboardError, "triangle 0 names point 9");
  const fine = await assertRejects(() => navmesh(floor, { cellSize: 0.001 }), OutboardError);
  assertEquals([fine.code, fine.data?.cellSize], ["TOO_LARGE", 0.0035]);
  assert((await navmesh(floor, { cellSize: 0.02 })).points.length > 0);
  const { looks } = await navmesh(floor);
  for (const cancelAtLook of [1, looks]) {
    await assertRejects(() => navmesh(floor, {}, { cancelAtLook }), OutboardError, "cancelled");
  }
});
