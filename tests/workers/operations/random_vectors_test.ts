import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { OutboardError } from "../../../workers/errors.ts";
import randomVectors from "../../../workers/operations/random_vectors.ts";
import { printedSeed } from "../kernels/statistics.ts";
import { runDirectly } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";

const DISTRIBUTIONS = [
  undefined,
  { kind: "uniform", low: [-1, -2, -3], high: [3, 2, 1] },
  { kind: "normal", standardDeviation: 0.5 },
  { kind: "on_sphere", center: [1, 1, 1], radius: 4 },
  { kind: "in_ball" },
  { kind: "cone", axis: [1, 1, 0], angle: 0.1 },
];

Deno.test("random_vectors gives one float32 vector in the unit cube unless told otherwise", async () => {
  const { outputs, progress } = await runDirectly(randomVectors, { params: { seed: 1 } });
  const { dtype, shape, data } = outputs.vectors!;
  assertEquals([dtype, shape], ["float32", [1, 3]]);
  assert(data.every((x) => x >= 0 && x < 1), `${data}`);
  assertEquals(progress, [1]);
});

Deno.test("random_vectors is the same bytes on 1, 2 and 7 threads, and for the first k of n", async () => {
  const seed = printedSeed("random_vectors");
  for (const distribution of DISTRIBUTIONS) {
    for (const dtype of ["float32", "float64"]) {
      const params = { count: 20_011, distribution, seed, dtype };
      const whole = await runDirectly(randomVectors, { params });
      for (const parts of [2, 7]) {
        const cut = await runDirectly(randomVectors, { params, parts });
        assertSameBytes(cut.outputs.vectors!.data, whole.outputs.vectors!.data);
      }
      const first = await runDirectly(randomVectors, { params: { ...params, count: 333 } });
      assertSameBytes(first.outputs.vectors!.data, whole.outputs.vectors!.data.slice(0, 999));
    }
  }
});

Deno.test("random_vectors tells how far it is, and looks at the cancel flag between blocks", async () => {
  const params = { count: 200_000, seed: 1 };
  const { progress } = await runDirectly(randomVectors, { params });
  assertEquals(progress, [0.32768, 0.65536, 0.98304, 1]);
  await assertRejects(
    () => runDirectly(randomVectors, { params, cancelAtLook: 3 }),
    OutboardError,
    "cancelled",
  );
});

Deno.test("random_vectors asks for the seed that the server draws", async () => {
  const error = await assertRejects(() => runDirectly(randomVectors, {}), OutboardError);
  assertEquals((error as OutboardError).code, "INTERNAL");
});
