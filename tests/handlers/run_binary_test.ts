import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import { type DType, DTYPES, type TypedArray } from "../../workers/array.ts";
import { chunksOf, declare, type Json, startCore, untilFree } from "./mod.ts";

const VALUES: { dtype: DType; values: TypedArray }[] = [
  { dtype: "float32", values: new Float32Array([1.5, NaN, -Infinity, -0]) },
  { dtype: "float64", values: new Float64Array([0.1, 1e300, NaN, -0]) },
  { dtype: "int32", values: new Int32Array([-(2 ** 31), -1, 0, 2 ** 31 - 1]) },
  { dtype: "uint32", values: new Uint32Array([0, 1, 2 ** 31, 2 ** 32 - 1]) },
  { dtype: "uint8", values: new Uint8Array([0, 1, 128, 255]) },
];

Deno.test("jobs.run carries every element type both ways", async (test) => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  await client.hello();
  assertEquals(VALUES.map(({ dtype }) => dtype).sort(), Object.keys(DTYPES).sort());
  for (const [id, { dtype, values }] of VALUES.entries()) {
    await test.step(dtype, async () => {
      const answer = client.call("jobs.run", {
        operation: "echo",
        inputs: { values: declare(id, dtype, [2, 2]) },
      });
      client.sendArray(id, values);
      const { outputs } = await answer;
      assertEquals(outputs.values.$array.dtype, dtype);
      assertEquals(outputs.values.$array.shape, [2, 2]);
      assertEquals((await client.arrays(outputs)).values, values);
      await untilFree(started.core);
    });
  }
});

const ROWS = 1000;
const COUNTED = Float32Array.from({ length: 2 * ROWS }, (_, index) => index);

/** Chunks of `COUNTED` that do not fall together with its elements. */
const pieces = (id: number) => chunksOf(id, COUNTED, 777);

const ORDERS: { title: string; order: <T>(chunks: T[]) => T[] }[] = [
  { title: "in order", order: (chunks) => chunks },
  { title: "from the end", order: (chunks) => chunks.toReversed() },
  {
    title: "every second first",
    order: (chunks) => [
      ...chunks.filter((_, index) => index % 2 === 0),
      ...chunks.filter((_, index) => index % 2 === 1),
    ],
  },
];

Deno.test("receiveBinary() takes the chunks of an array in any order", async (test) => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  await client.hello();
  for (const { title, order } of ORDERS) {
    await test.step(title, async () => {
      const answer = client.call("jobs.run", {
        operation: "echo",
        inputs: { values: declare(7, "float32", [ROWS, 2]) },
      });
      for (const chunk of order(pieces(7))) client.send(chunk);
      assertEquals((await client.arrays((await answer).outputs)).values, COUNTED);
    });
  }
  await untilFree(started.core);
});

Deno.test("receiveBinary() tells the chunks of several arrays and jobs apart", async () => {
  await using started = await startCore();
  const client = started.connect();
  await client.hello();
  const weights = new Float32Array(ROWS).fill(2);
  const first = client.call("jobs.run", {
    operation: "echo",
    inputs: {
      values: declare(1, "float32", [ROWS, 2]),
      weights: declare(2 ** 32 - 1, "float32", [ROWS]),
    },
  });
  const second = client.call("jobs.run", {
    operation: "echo",
    inputs: { values: declare(0, "float32", [2 * ROWS, 1]) },
  });
  const lanes = [pieces(1), chunksOf(2 ** 32 - 1, weights, 100), pieces(0)];
  while (lanes.some((lane) => lane.length > 0)) {
    for (const lane of lanes) {
      const chunk = lane.shift();
      if (chunk !== undefined) client.send(chunk);
    }
    await client.call("server.ping");
  }
  assertEquals((await client.arrays((await first).outputs)).values, COUNTED);
  const { outputs } = await second;
  assertEquals(outputs.values.$array.shape, [2 * ROWS, 1]);
  assertEquals((await client.arrays(outputs)).values, COUNTED);
  await untilFree(started.core);
});

Deno.test("jobs.run takes and answers arrays of no bytes without frames", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  await client.hello();
  for (const shape of [[0, 3], [3, 0], [0, 0]]) {
    const { outputs } = await client.call("jobs.run", {
      operation: "echo",
      inputs: { values: declare(5, "uint8", shape) },
    });
    assertEquals(outputs.values.$array.shape, shape);
  }
  assertEquals(client.chunkIds, []);
  await untilFree(started.core);
});

Deno.test("jobs.run answers with frames of at most maxChunkBytes, those of two arrays in turn", async () => {
  await using started = await startCore({ limits: { maxChunkBytes: 1000 } });
  const client = started.connect();
  await client.hello();
  const job = (id: number) => ({
    jsonrpc: "2.0",
    id,
    method: "jobs.run",
    params: { operation: "fill", params: { rows: 600 } },
  });
  client.send(JSON.stringify([job(1), job(2)]));
  const batch = await client.nextMessage();
  for (const { result } of batch) {
    const { filled } = await client.arrays(result.outputs);
    assertEquals(filled, Uint32Array.from({ length: 600 }, (_, row) => row));
  }
  const [a, b] = batch.map(({ result }: Json) => result.outputs.filled.$array.id);
  assert(a !== b, "two arrays in flight have two ids");
  assertEquals(client.chunkIds, [a, b, a, b, a, b]);
  assertEquals(client.chunkSizes, [1016, 1016, 1016, 1016, 416, 416]);
  await untilFree(started.core);
});

Deno.test("jobs.run lets an array id be used again as soon as its array has come", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  await client.hello();
  const answers = Array.from({ length: 3 }, (_, value) => {
    const answer = client.call("jobs.run", {
      operation: "echo",
      inputs: { values: declare(7, "uint8", [1, 1]) },
    });
    client.sendArray(7, new Uint8Array([value]));
    return answer;
  });
  for (const [value, answer] of answers.entries()) {
    const { values } = await client.arrays((await answer).outputs);
    assertEquals(values, new Uint8Array([value]));
  }
  await untilFree(started.core);
});

Deno.test("jobs.run hands out zeroed memory, whatever was in it before", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  await client.hello();
  // A small job's room, and a block of its own.
  for (const rows of [1000, 6000]) {
    const dirty = client.call("jobs.run", {
      operation: "echo",
      inputs: { values: declare(1, "uint8", [rows, 1]) },
    });
    client.sendArray(1, new Uint8Array(rows).fill(255));
    await dirty;
    await untilFree(started.core);
    assert(started.core.blocks.pooledBytes > 0, "blocks are kept for the next job");
    const { outputs } = await client.call("jobs.run", {
      operation: "fail_at",
      params: { rows, bad: [], milliseconds: 0 },
    });
    // The operation allocates its output and writes nothing into it.
    assertEquals((await client.arrays(outputs)).checked, new Uint8Array(rows));
    await untilFree(started.core);
  }
});

Deno.test("jobs.run keeps the arrays of many jobs at a time apart", async () => {
  await using started = await startCore();
  const client = started.connect();
  await client.hello();
  const runs = Array.from({ length: 40 }, async (_, index) => {
    const { outputs } = await client.call("jobs.run", {
      operation: "echo",
      inputs: { values: Array(8).fill([index]) },
    });
    assertEquals((await client.arrays(outputs)).values, new Float64Array(8).fill(index));
  });
  await Promise.all(runs);
  await untilFree(started.core);
  assert(started.core.blocks.pooledBytes > 0, "blocks are kept for the next job");
});
