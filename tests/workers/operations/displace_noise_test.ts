import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { OutboardError } from "../../../workers/errors.ts";
import displaceNoise from "../../../workers/operations/displace_noise.ts";
import { printedSeed } from "../kernels/statistics.ts";
import { grid, sphere } from "../meshes.ts";
import { cancelRunning, request, runPooled, withSession } from "../run_pooled.ts";
import { type GivenArray, runDirectly } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";

const ball = sphere(4).points;
const points: GivenArray = { dtype: "float64", shape: [ball.length / 3, 3], data: ball };
const normals = points;

async function displaced(
  params: Record<string, unknown>,
  inputs: Record<string, GivenArray> = { points, normals },
): Promise<Float64Array> {
  return (await runDirectly(displaceNoise, { params, inputs })).outputs.points!
    .data as Float64Array;
}

/** How far every point of the ball has moved outward. */
function heights(moved: Float64Array): number[] {
  return Array.from(
    { length: moved.length / 3 },
    (_, i) => Math.hypot(moved[3 * i]!, moved[3 * i + 1]!, moved[3 * i + 2]!) - 1,
  );
}

Deno.test("displace_noise moves along normals, by the strength at most, in and out alike", async () => {
  const seed = printedSeed("displace_noise");
  const moved = await displaced({ seed, strength: 0.3, scale: 0.3 });
  const tall = heights(moved);
  assert(Math.max(...tall) < 0.3 && Math.max(...tall) > 0.08, `${Math.max(...tall)}`);
  assert(Math.min(...tall) > -0.3 && Math.min(...tall) < -0.08, `${Math.min(...tall)}`);
  const mean = tall.reduce((sum, h) => sum + h, 0) / tall.length;
  assert(Math.abs(mean) < 0.03, `mean ${mean}`);
  // Along the normal: the direction from the middle stays.
  for (let i = 0; i < moved.length; i++) {
    const outward = moved[i]! / (1 + tall[Math.floor(i / 3)]!);
    assert(Math.abs(outward - ball[i]!) < 1e-12);
  }
});

Deno.test("displace_noise keeps its shape when everything is twice as large", async () => {
  const params = { seed: 5, strength: 0.25, scale: 0.5, direction: "free" };
  const small = await displaced(params);
  const doubled = { ...points, data: Float64Array.from(ball, (x) => 2 * x) };
  const large = await displaced({ ...params, strength: 0.5, scale: 1 }, { points: doubled });
  assertSameBytes(large, small.map((x) => 2 * x));
});

Deno.test("displace_noise of a negative strength is the mirror image", async () => {
  const up = heights(await displaced({ seed: 5, strength: 0.2 }));
  const down = heights(await displaced({ seed: 5, strength: -0.2 }));
  up.forEach((height, i) => assert(Math.abs(height + down[i]!) < 1e-14));
});

Deno.test("displace_noise is continuous, and rougher with more octaves and gain", async () => {
  const cells = 200;
  const flat = grid(cells).points;
  const plane: GivenArray = { dtype: "float64", shape: [flat.length / 3, 3], data: flat };
  const up: GivenArray = { ...plane, data: flat.map((_, i) => i % 3 === 2 ? 1 : 0) };
  const roughness = async (params: Record<string, unknown>) => {
    const moved = await displaced({ seed: 3, strength: 1, scale: 0.5, ...params }, {
      ...{ points: plane, normals: up },
    });
    let steepest = 0;
    for (let i = 5; i < moved.length; i += 3) {
      if ((i - 2) / 3 % (cells + 1) === 0) continue;
      steepest = Math.max(steepest, Math.abs(moved[i]! - moved[i - 3]!));
    }
    return steepest;
  };
  const [one, many, rough] = [
    await roughness({ octaves: 1 }),
    await roughness({ octaves: 5 }),
    await roughness({ octaves: 5, gain: 0.9 }),
  ];
  // A step is a hundredth of a feature: simplex noise has a slope of some units per feature.
  assert(0 < one && one < 0.1, `${one}`);
  assert(one < many && many < rough, `${one}, ${many}, ${rough}`);
  assertEquals(await roughness({ octaves: 5, gain: 0 }), one);
});

Deno.test("displace_noise gives another surface for another seed, the same for the same", async () => {
  const first = await displaced({ seed: 1 });
  assertSameBytes(await displaced({ seed: 1 }), first);
  const other = await displaced({ seed: 2 });
  assert(other.filter((x, i) => x !== first[i]).length > 0.9 * first.length);
});

Deno.test("displace_noise is the same bytes in 1, 2 and 7 parts, and through the pool", async () => {
  const flat = Float32Array.from(grid(250).points);
  const plane: GivenArray = { dtype: "float32", shape: [flat.length / 3, 3], data: flat };
  const run = { params: { seed: 9, direction: "free" }, inputs: { points: plane } };
  const whole = (await runDirectly(displaceNoise, run)).outputs.points!.data;
  for (const parts of [2, 7]) {
    const cut = await runDirectly(displaceNoise, { ...run, parts });
    assertSameBytes(cut.outputs.points!.data, whole);
  }
  await withSession(async (client) => {
    const { outputs, result } = await runPooled(client, { operation: "displace_noise", ...run });
    assertSameBytes(outputs.points!, whole);
    assertEquals(result.params.octaves, 4);
  });
});

Deno.test("displace_noise of no points gives none", async () => {
  const none: GivenArray = { dtype: "float64", shape: [0, 3], data: [] };
  assertEquals((await displaced({ seed: 1 }, { points: none, normals: none })).length, 0);
});

Deno.test("displace_noise leaves points in place that are too far out for any feature", async () => {
  const far: GivenArray = { dtype: "float64", shape: [1, 3], data: [1e300, -1e200, 1e308] };
  const moved = await displaced({ seed: 1, direction: "free", scale: 1e-6 }, { points: far });
  assertEquals([...moved], far.data);
});

Deno.test("displace_noise wants normals only where it goes along them", async () => {
  await displaced({ seed: 1, direction: "free" }, { points });
  const run = () => displaced({ seed: 1 }, { points });
  const error = await assertRejects(run, OutboardError, "wanted normals, got none");
  assertEquals(error.code, "OPERATION_FAILED");
});

Deno.test("displace_noise refuses numbers that are not finite, and stops on cancel", () =>
  withSession(async (client) => {
    const bad: GivenArray = { dtype: "float32", shape: [2, 3], data: [0, 0, 0, 0, NaN, 0] };
    const operation = "displace_noise";
    const { error } = await request(client, { operation, inputs: { points: bad } });
    assertEquals(error?.data.code, "INVALID_VALUE");
    assert(error?.message.includes("row 1 holds NaN"), error?.message);
    const many: GivenArray = { dtype: "float32", shape: [1_200_000, 3], data: [] };
    const params = { octaves: 16, direction: "free" };
    const { reply, ms } = await cancelRunning(client, {
      ...{ operation, params, inputs: { points: many } },
    });
    assertEquals(reply.error?.data.code, "CANCELLED");
    assert(ms < 1000, `${ms} ms`);
  }));

Deno.test("displace_noise looks at the cancel flag many times a second", async () => {
  const shape = [100_000, 3];
  const inputs = { points: { dtype: "float32", shape, data: [] } as GivenArray };
  const params = { seed: 1, octaves: 16, direction: "free" };
  const run = () => runDirectly(displaceNoise, { params, inputs, cancelAtLook: 3 });
  const error = await assertRejects(run, OutboardError);
  assertEquals(error.code, "CANCELLED");
});
