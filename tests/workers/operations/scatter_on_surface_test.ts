import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { OutboardError } from "../../../workers/errors.ts";
import scatterOnSurface from "../../../workers/operations/scatter_on_surface.ts";
import { printedSeed } from "../kernels/statistics.ts";
import { asInputs, grid, type Mesh, sphere } from "../meshes.ts";
import { cancelRunning, request, runPooled, withSession } from "../run_pooled.ts";
import { type GivenArray, runDirectly, type RunResult } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";

const random = (count: number) => ({ distribution: { kind: "random", count } });
const spaced = (distance: number) => ({ distribution: { kind: "spaced", distance } });

function scattered(
  mesh: Mesh,
  params: Record<string, unknown>,
  density?: number[],
): Promise<RunResult> {
  const more: Record<string, GivenArray> = density === undefined
    ? {}
    : { density: { dtype: "float32", shape: [density.length], data: density } };
  return runDirectly(scatterOnSurface, { params, inputs: { ...asInputs(mesh), ...more } });
}

Deno.test("scatter_on_surface strews the number asked for over a sphere, evenly, standing up", async () => {
  const seed = printedSeed("scatter_on_surface");
  const { outputs } = await scattered(sphere(4), { seed, ...random(5000) });
  const { points, matrices } = outputs;
  assertEquals([points?.shape, points?.dtype], [[5000, 3], "float32"]);
  assertEquals([matrices?.shape, matrices?.dtype], [[5000, 4, 4], "float32"]);
  const sums = [0, 0, 0];
  for (let i = 0; i < 5000; i++) {
    const at = points!.data.subarray(3 * i, 3 * i + 3);
    for (let axis = 0; axis < 3; axis++) {
      sums[axis]! += at[axis]!;
      assertEquals(matrices!.data[16 * i + 4 * axis + 3], at[axis]);
      assert(Math.abs(matrices!.data[16 * i + 4 * axis + 2]! - at[axis]!) < 0.08, "Z goes outward");
    }
  }
  // The mean of 5000 points on a sphere lies within 5 standard deviations, each sqrt(1 / 3 n).
  for (const sum of sums) assert(Math.abs(sum / 5000) < 5 * Math.sqrt(1 / 15000), `${sums}`);
});

Deno.test("scatter_on_surface leaves out what has no density, in both ways", async () => {
  const mesh = grid(10);
  const right = mesh.points.filter((_, i) => i % 3 === 0).map((x) => x > 0.45 ? 1 : 0);
  for (const kind of [random(500), spaced(0.02)]) {
    const { outputs } = await scattered(mesh, { seed: 1, ...kind }, right);
    const { data, shape } = outputs.points!;
    assert(shape[0]! >= 400, `${shape}`);
    for (let i = 0; i < data.length; i += 3) assert(data[i]! > 0.4);
    const none = await scattered(mesh, { seed: 1, ...kind }, right.map(() => 0));
    assertEquals(none.outputs.points!.shape, [0, 3]);
  }
});

Deno.test("scatter_on_surface keeps points apart", async () => {
  const { outputs, progress } = await scattered(sphere(3), { seed: 1, ...spaced(0.2) });
  const { data } = outputs.points!;
  const n = data.length / 3;
  assert(n > 180 && n < 300, `${n} points`);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) {
      const apart = [0, 1, 2].map((axis) => data[3 * i + axis]! - data[3 * k + axis]!);
      assert(Math.hypot(...apart) > 0.2 - 1e-6);
    }
  }
  assert(progress.length > 0 && progress.every((part) => part > 0));
});

Deno.test("scatter_on_surface on nothing gives nothing", async () => {
  for (const kind of [random(10), spaced(0.1)]) {
    const { outputs } = await scattered({ points: [], triangles: [] }, { seed: 1, ...kind });
    assertEquals([outputs.points!.shape, outputs.matrices!.shape], [[0, 3], [0, 4, 4]]);
  }
});

Deno.test("scatter_on_surface says what it cannot do", async () => {
  const cases: [Promise<unknown>, string, string][] = [
    [scattered(grid(1), { seed: 1, ...spaced(1e-6) }), "OPERATION_FAILED", "at least 0.00059 on"],
    [
      scattered(grid(1), { seed: 1 }, [0, 1, -2, 1]),
      "INVALID_VALUE",
      "density of point 2: wanted 0 or more, got -2",
    ],
    [
      scattered({ points: [0, 0, 0], triangles: [0, 1, 2] }, { seed: 1 }),
      "INVALID_VALUE",
      "triangle 0 names point 1, there are 1",
    ],
    [
      runDirectly(scatterOnSurface, {
        params: { seed: 1 },
        inputs: {
          points: { dtype: "float64", shape: [3, 3], data: [0, 0, 0, 1e200, 0, 0, 0, 1e200, 0] },
          triangles: { dtype: "int32", shape: [1, 3], data: [0, 1, 2] },
        },
      }),
      ...["OPERATION_FAILED", "too large to be measured"] as const,
    ],
  ];
  for (const [run, code, message] of cases) {
    const error = await assertRejects(() => run, OutboardError, message);
    assertEquals(error.code, code);
  }
});

Deno.test("scatter_on_surface through the pool: same bytes by seed, a drawn one, cancel", () =>
  withSession(async (client) => {
    const operation = "scatter_on_surface";
    const inputs = asInputs(sphere(3));
    for (const kind of [random(3000), spaced(0.1)]) {
      const params = { seed: 4, variation: 0.5, ...kind };
      const { outputs } = await runPooled(client, { operation, params, inputs });
      const direct = await runDirectly(scatterOnSurface, { params, inputs });
      assertSameBytes(outputs.matrices!, direct.outputs.matrices!.data);
      assertSameBytes(outputs.points!, direct.outputs.points!.data);
    }
    const { result } = await runPooled(client, { operation, inputs });
    assert(Number.isSafeInteger(result.params.seed));
    const { error } = await request(client, { operation, params: random(-1), inputs });
    assertEquals(error?.data.code, "INVALID_PARAMS");
    const long = { seed: 1, ...spaced(0.0025) };
    const { reply, ms } = await cancelRunning(client, { operation, params: long, inputs });
    assertEquals(reply.error?.data.code, "CANCELLED");
    assert(ms < 1000, `${ms} ms`);
  }));
