import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import { assertNotEquals } from "@std/assert/not_equals.js";
import { type Json, OWN_OPERATIONS, startCore, untilFree } from "./mod.ts";

Deno.test("jobs.run answers a client that never said hello with JSON numbers", async () => {
  await using started = await startCore({ threads: 1, operations: OWN_OPERATIONS });
  const client = started.connect();
  const result = await client.call("jobs.run", {
    operation: "transform_points",
    params: { translation: [1, 2, 3] },
    inputs: { points: [[0, 0, 0], [1, 1, 1]] },
  });
  assertEquals(Object.keys(result), ["operation", "outputs", "params", "timings"]);
  assertEquals(result.operation, "transform_points");
  assertEquals(result.outputs, { points: [[1, 2, 3], [2, 3, 4]] });
  assertEquals(result.params, {
    translation: [1, 2, 3],
    rotation: [0, 0, 0],
    scale: [1, 1, 1],
    pivot: [0, 0, 0],
  });
  const { validateMs, queueMs, computeMs, totalMs, ...others } = result.timings;
  assertEquals(others, {});
  for (const ms of [validateMs, queueMs, computeMs]) assert(ms >= 0 && ms <= totalMs, `${ms}`);
  assert(validateMs + queueMs + computeMs <= totalMs, "the parts are no more than the whole");
  await untilFree(started.core);
});

const FORMS: { hello: boolean; arrays?: "json" | "binary"; binary: boolean }[] = [
  { hello: false, binary: false },
  { hello: false, arrays: "json", binary: false },
  { hello: false, arrays: "binary", binary: true },
  { hello: true, binary: true },
  { hello: true, arrays: "binary", binary: true },
  { hello: true, arrays: "json", binary: false },
];

Deno.test("jobs.run answers in the form that is asked for, else the one hello decides", async (test) => {
  await using started = await startCore({ threads: 1 });
  for (const { hello, arrays, binary } of FORMS) {
    await test.step(`${hello ? "after" : "without"} hello, arrays ${arrays}`, async () => {
      const client = started.connect();
      if (hello) await client.hello();
      const run = { operation: "fill", params: { rows: 3 }, arrays };
      const { outputs } = await client.call("jobs.run", run);
      if (binary) {
        assertEquals(outputs.filled.$array.dtype, "uint32");
        assertEquals(outputs.filled.$array.shape, [3]);
        assertEquals((await client.arrays(outputs)).filled, new Uint32Array([0, 1, 2]));
      } else {
        assertEquals(outputs, { filled: [0, 1, 2] });
      }
      await untilFree(started.core);
    });
  }
});

const ECHOES: { values: Json; answered: Json }[] = [
  { values: [[1.5, -2], [1e-300, 1e300]], answered: [[1.5, -2], [1e-300, 1e300]] },
  { values: [[0.1]], answered: [[0.1]] },
  { values: [], answered: [] },
  { values: [[], [], []], answered: [[], [], []] },
];

Deno.test("jobs.run takes nested lists of numbers of any size, none included", async (test) => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  for (const { values, answered } of ECHOES) {
    await test.step(JSON.stringify(values), async () => {
      const run = { operation: "echo", inputs: { values } };
      assertEquals((await client.call("jobs.run", run)).outputs.values, answered);
    });
  }
});

Deno.test("jobs.run answers NaN and infinities as null", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  // JSON has no infinities, but a number that is too large for float64 reads as one.
  client.send(
    '{"jsonrpc": "2.0", "id": 1, "method": "jobs.run", ' +
      '"params": {"operation": "echo", "inputs": {"values": [[1e999, -1e999, 1]]}}}',
  );
  assertEquals((await client.answer(1)).result.outputs.values, [[null, null, 1]]);
});

Deno.test("jobs.run draws the seed that did not come and reports it", async () => {
  await using started = await startCore({ threads: 1, operations: OWN_OPERATIONS });
  const client = started.connect();
  const run = (params: Json) => client.call("jobs.run", { operation: "random_vectors", params });
  const first = await run({ count: 2 });
  const second = await run({ count: 2 });
  for (const { seed } of [first.params, second.params]) {
    assert(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31, `${seed}`);
  }
  assertNotEquals(first.params.seed, second.params.seed);
  assertNotEquals(first.outputs, second.outputs);
});

Deno.test("jobs.run gives the same numbers for the parameters that it reported", async () => {
  await using started = await startCore({ threads: 1, operations: OWN_OPERATIONS });
  const client = started.connect();
  const request = { operation: "random_vectors", params: { count: 3, seed: undefined } };
  const drawn = await client.call("jobs.run", request);
  assertEquals(drawn.params, {
    count: 3,
    seed: drawn.params.seed,
    distribution: { kind: "uniform", low: [0, 0, 0], high: [1, 1, 1] },
    dtype: "float32",
  });
  const again = await client.call("jobs.run", { ...request, params: drawn.params });
  assertEquals(again.params, drawn.params);
  assertEquals(again.outputs, drawn.outputs);
});

Deno.test("jobs.run keeps the seed that came", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  const run = { operation: "choose", params: { seed: 0 } };
  const { params, outputs } = await client.call("jobs.run", run);
  assertEquals(params.seed, 0);
  assertEquals(outputs.chosen, [0]);
});

Deno.test("jobs.run answers an output that only the run could size", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  const run = (rows: number) => client.call("jobs.run", { operation: "grow", params: { rows } });
  assertEquals((await run(2)).outputs.grown, [[0, 1, 2], [3, 4, 5]]);
  assertEquals((await run(0)).outputs.grown, []);
  await untilFree(started.core);
});
