import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { declare, OWN_OPERATIONS, startCore, untilFree } from "./mod.ts";
import { assertRefused } from "./refusals.ts";

const ROWS = 250_001;

Deno.test("jobs.run splits a large job over all threads, which write into one array", async () => {
  await using started = await startCore({ threads: 3 });
  const client = started.connect();
  await client.hello();
  const answer = client.call("jobs.run", { operation: "fill", params: { rows: ROWS } });
  assertEquals(started.core.scheduler.pool.busy, [false, false, false]);
  const { filled } = await client.arrays((await answer).outputs);
  assertEquals(filled?.length, ROWS);
  assert(filled?.every((value, row) => value === row));
  await untilFree(started.core);
});

Deno.test("jobs.run of one seed gives the same bytes on any number of threads", async () => {
  const bytes: Uint8Array[] = [];
  for (const threads of [1, 3]) {
    await using started = await startCore({ threads, operations: OWN_OPERATIONS });
    const client = started.connect();
    await client.hello();
    const { outputs } = await client.call("jobs.run", {
      operation: "random_vectors",
      params: { count: ROWS, seed: 7 },
    });
    const { vectors } = await client.arrays(outputs);
    bytes.push(new Uint8Array(vectors?.buffer as ArrayBuffer));
  }
  const [first, ...others] = bytes;
  assertEquals(first?.length, ROWS * 3 * 4);
  for (const other of others) assert(first?.every((byte, index) => byte === other[index]));
});

Deno.test("jobs.run tells the first bad row, on any number of threads", async (test) => {
  const points = new Float32Array(ROWS * 3);
  points[3 * 200_000] = NaN;
  points[3 * 90_000 + 2] = Infinity;
  for (const threads of [1, 3]) {
    await test.step(`${threads} threads`, async () => {
      await using started = await startCore({ threads, operations: OWN_OPERATIONS });
      const client = started.connect();
      await client.hello();
      const answer = client.request("jobs.run", {
        operation: "transform_points",
        inputs: { points: declare(1, "float32", [ROWS, 3]) },
      });
      client.sendArray(1, points);
      assertRefused(await answer, {
        run: {},
        code: "INVALID_VALUE",
        message: "Cannot run 'transform_points': 'points' must be finite, row 90000 holds Infinity",
        data: { input: "points", row: 90_000, came: "Infinity" },
      });
      await untilFree(started.core);
    });
  }
});

Deno.test("jobs.run waits for the rows before a bad one, however long they take", async () => {
  await using started = await startCore({ threads: 2 });
  const client = started.connect();
  const answer = await client.request("jobs.run", {
    operation: "fail_at",
    params: { rows: ROWS, bad: [5, ROWS - 1], milliseconds: 400 },
    arrays: "binary",
  });
  assertRefused(answer, {
    run: {},
    code: "INVALID_VALUE",
    message: "Cannot take row 5",
    data: { row: 5 },
  });
  await untilFree(started.core);
  assertEquals(started.logged, [], "no thread was killed");
});

Deno.test("jobs.run stops the rows before a bad one when their time is over", async (test) => {
  await using started = await startCore({ threads: 2, limits: { jobTimeoutSeconds: 0.4 } });
  const client = started.connect();
  for (const deaf of [false, true]) {
    await test.step(deaf ? "killed" : "by the signal", async () => {
      const { error } = await client.request("jobs.run", {
        operation: "fail_at",
        params: { rows: ROWS, bad: [ROWS - 1], milliseconds: 10_000, deaf },
        arrays: "binary",
      });
      assertEquals(error?.data.code, "TIMEOUT");
      const answered = performance.now();
      await untilFree(started.core);
      assert(performance.now() - answered < 5000, "its thread is stopped long before it ends");
    });
  }
});
