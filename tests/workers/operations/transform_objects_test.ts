import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { OutboardError } from "../../../workers/errors.ts";
import transformObjects from "../../../workers/operations/transform_objects.ts";
import { printedSeed } from "../kernels/statistics.ts";
import { type GivenArray, runDirectly } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";

/** n objects in a row along X, without rotation. */
function objects(n: number, dtype: "float32" | "float64" = "float64"): GivenArray {
  const data = new Float64Array(16 * n);
  for (let i = 0; i < n; i++) data.set([1, 0, 0, i, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], 16 * i);
  return { dtype, shape: [n, 4, 4], data };
}

async function origins(params: Record<string, unknown>, matrices: GivenArray): Promise<number[][]> {
  const { outputs } = await runDirectly(transformObjects, {
    params: { seed: 1, ...params },
    inputs: { matrices },
  });
  const { data, dtype, shape } = outputs.matrices!;
  assertEquals([dtype, shape], [matrices.dtype, matrices.shape]);
  return Array.from({ length: shape[0]! }, (_, i) => [3, 7, 11].map((k) => data[16 * i + k]!));
}

Deno.test("transform_objects scales about each kind of pivot", async () => {
  const scale = [3, 3, 3];
  const wanted = {
    "median": [[-2, 0, 0], [1, 0, 0], [4, 0, 0]],
    "own_origin": [[0, 0, 0], [1, 0, 0], [2, 0, 0]],
    "world_origin": [[0, 0, 0], [3, 0, 0], [6, 0, 0]],
  };
  for (const dtype of ["float32", "float64"] as const) {
    for (const [pivot, expected] of Object.entries(wanted)) {
      assertEquals(await origins({ scale, pivot }, objects(3, dtype)), expected);
    }
    assertEquals(await origins({ scale }, objects(3, dtype)), wanted.median);
  }
});

Deno.test("transform_objects moves each object at random within the amounts", async () => {
  const seed = printedSeed("transform_objects");
  const params = { seed, translation: [0, 0, 10], randomTranslation: [0, 2, 1] };
  const moved = await origins(params, objects(1000));
  assert(moved.every(([x], i) => x === i), "X moved");
  assert(moved.every(([, y, z]) => Math.abs(y!) <= 2 && Math.abs(z! - 10) <= 1), "too far");
  assertEquals(new Set(moved.map(([, y]) => y)).size, 1000);
});

Deno.test("transform_objects is the same bytes in 1, 2 and 7 parts, about every pivot", async () => {
  const matrices = objects(5003);
  const seed = printedSeed("parts");
  for (const pivot of ["median", "own_origin", "world_origin"]) {
    const params = {
      seed,
      pivot,
      rotation: [1, 2, 3],
      scale: [1, 2, 1],
      randomDistribution: "normal",
      randomTranslation: [1, 1, 1],
      randomRotation: [1, 1, 1],
      randomScale: [0.1, 0.1, 0.1],
    };
    const whole = await runDirectly(transformObjects, { params, inputs: { matrices } });
    for (const parts of [2, 7]) {
      const cut = await runDirectly(transformObjects, { params, inputs: { matrices }, parts });
      assertSameBytes(cut.outputs.matrices!.data, whole.outputs.matrices!.data);
    }
  }
});

Deno.test("transform_objects of no objects gives an empty array", async () => {
  for (const pivot of ["median", "own_origin", "world_origin"]) {
    assertEquals(await origins({ pivot, randomScale: [1, 1, 1] }, objects(0)), []);
  }
});

Deno.test("transform_objects takes a hundred thousand objects", async () => {
  const moved = await origins({ randomRotation: [1, 1, 1] }, objects(100_000));
  assert(moved.every(([x, y, z], i) => x === i && y === 0 && z === 0));
});

Deno.test("transform_objects asks for the seed that the server draws", async () => {
  const run = () => runDirectly(transformObjects, { inputs: { matrices: objects(1) } });
  const error = await assertRejects(run, OutboardError) as OutboardError;
  assertEquals(error.code, "INTERNAL");
});
