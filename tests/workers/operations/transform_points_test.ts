import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { OutboardError } from "../../../workers/errors.ts";
import transformPoints from "../../../workers/operations/transform_points.ts";
import { type GivenArray, runDirectly } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";

const POINTS: GivenArray = { dtype: "float32", shape: [2, 3], data: [1, 2, 3, -1, 0, 0] };
const DOUBLING = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1];
const MOVING = [1, 0, 0, 10, 0, 1, 0, 20, 0, 0, 1, 30, 0, 0, 0, 1];

async function transformed(
  params: Record<string, unknown>,
  inputs: Record<string, GivenArray>,
): Promise<number[]> {
  const { outputs } = await runDirectly(transformPoints, { params, inputs });
  const points = outputs.points!;
  assertEquals([points.dtype, points.shape], [inputs.points!.dtype, inputs.points!.shape]);
  return [...points.data];
}

Deno.test("transform_points keeps points where they are unless told otherwise", async () => {
  assertEquals(await transformed({}, { points: POINTS }), POINTS.data);
});

Deno.test("transform_points scales, then rotates about X, Y, Z, about the pivot, then moves", async () => {
  const params = {
    translation: [0, 0, 5],
    rotation: [0, 0, Math.PI / 2],
    scale: [2, 1, 1],
    pivot: [1, 0, 0],
  };
  const wanted = [-1, 0, 8, 1, -4, 5];
  const points = await transformed(params, { points: POINTS });
  points.forEach((x, i) => assert(Math.abs(x - wanted[i]!) < 1e-6, `[${i}]: ${x}`));
});

Deno.test("transform_points takes one matrix or one for each point, of either type", async () => {
  for (const dtype of ["float32", "float64"] as const) {
    const points: GivenArray = { ...POINTS, dtype };
    for (const other of ["float32", "float64"] as const) {
      const one: GivenArray = { dtype: other, shape: [4, 4], data: MOVING };
      assertEquals(await transformed({}, { points, matrices: one }), [11, 22, 33, 9, 20, 30]);
      const data = [...DOUBLING, ...MOVING];
      const each: GivenArray = { dtype: other, shape: [2, 4, 4], data };
      assertEquals(await transformed({}, { points, matrices: each }), [2, 4, 6, 9, 20, 30]);
    }
  }
});

Deno.test("transform_points is the same bytes in 1, 2 and 7 parts", async () => {
  const n = 20_011;
  const data = Float32Array.from({ length: 3 * n }, (_, i) => Math.sin(i));
  const points: GivenArray = { dtype: "float32", shape: [n, 3], data };
  const params = { rotation: [1, 2, 3], scale: [1, 2, 3], pivot: [1, 1, 1] };
  const whole = await runDirectly(transformPoints, { params, inputs: { points } });
  for (const parts of [2, 7]) {
    const cut = await runDirectly(transformPoints, { params, inputs: { points }, parts });
    assertSameBytes(cut.outputs.points!.data, whole.outputs.points!.data);
  }
});

Deno.test("transform_points of no points gives an empty array", async () => {
  const points: GivenArray = { dtype: "float64", shape: [0, 3], data: [] };
  assertEquals(await transformed({ translation: [1, 1, 1] }, { points }), []);
  const matrices: GivenArray = { dtype: "float64", shape: [0, 4, 4], data: [] };
  assertEquals(await transformed({}, { points, matrices }), []);
});

Deno.test("transform_points refuses matrices beside changed fields", async () => {
  const matrices: GivenArray = { dtype: "float32", shape: [4, 4], data: MOVING };
  const inputs = { points: POINTS, matrices };
  const run = () => runDirectly(transformPoints, { params: { scale: [1, 2, 1] }, inputs });
  const error = await assertRejects(run, OutboardError, "by scale at once") as OutboardError;
  assertEquals(error.code, "INVALID_PARAMS");
});

Deno.test("transform_points names the point whose w is 0", async () => {
  const data = [...DOUBLING.slice(0, 12), 1, 0, 0, 1];
  const matrices: GivenArray = { dtype: "float64", shape: [4, 4], data };
  const run = () => runDirectly(transformPoints, { inputs: { points: POINTS, matrices } });
  const error = await assertRejects(run, OutboardError, "point 1:") as OutboardError;
  assertEquals([error.code, error.data], ["INVALID_VALUE", { row: 1 }]);
});
