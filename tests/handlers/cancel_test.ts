import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import {
  begunLatch,
  declare,
  latchOf,
  open,
  SPIN,
  startCore,
  until,
  untilFree,
  WAIT_FOR_LATCH,
} from "./mod.ts";
import { assertRefused, assertUnharmed } from "./refusals.ts";

const CANCELLED = { run: {}, code: "CANCELLED", message: "Job 'mine' was cancelled" } as const;

Deno.test("jobs.cancel has nothing to cancel under an unknown name", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  assertEquals(await client.call("jobs.cancel", { job: "mine" }), { cancelled: false });
  await client.call("jobs.run", { operation: "fill", params: { rows: 1 }, job: "mine" });
  assertEquals(await client.call("jobs.cancel", { job: "mine" }), { cancelled: false });
});

Deno.test("jobs.cancel stops a job whose arrays are on their way", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  const answer = client.request("jobs.run", {
    operation: "echo",
    inputs: {
      values: declare(1, "uint8", [10, 1]),
      weights: declare(2, "float32", [10]),
    },
    job: "mine",
  });
  client.sendArray(1, new Uint8Array(10));
  assertEquals(await client.call("jobs.cancel", { job: "mine" }), { cancelled: true });
  assertRefused(await answer, CANCELLED);
  client.sendArray(2, new Float32Array(10));
  assertEquals(client.answersTo(null), []);
  await assertUnharmed(client, [1, 2]);
});

Deno.test("jobs.cancel stops a queued job before it begins", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  const running = client.request("jobs.run", { ...WAIT_FOR_LATCH, job: "running" });
  const latch = await begunLatch(client.session, "running");
  const queued = client.request("jobs.run", { ...WAIT_FOR_LATCH, job: "mine" });
  await until(() => started.core.scheduler.counts.queued === 1, "a job is queued");
  const other = latchOf(client.session, "mine");
  assertEquals(await client.call("jobs.cancel", { job: "mine" }), { cancelled: true });
  assertRefused(await queued, CANCELLED);
  assertEquals(started.core.scheduler.counts, { queued: 0, running: 1 });
  open(latch);
  assertEquals((await running).error, undefined);
  assertEquals(other[1], 0, "the cancelled job never began");
  await assertUnharmed(client);
});

Deno.test("jobs.cancel stops a running job that looks at the signal, and keeps its thread", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  const answer = client.request("jobs.run", { ...WAIT_FOR_LATCH, job: "mine" });
  await begunLatch(client.session, "mine");
  assertEquals(await client.call("jobs.cancel", { job: "mine" }), { cancelled: true });
  assertRefused(await answer, CANCELLED);
  await assertUnharmed(client);
  assertEquals(started.logged, []);
});

Deno.test("jobs.cancel kills the thread of a job that never looks at the signal", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  const answer = client.request("jobs.run", { ...SPIN, job: "mine" });
  await begunLatch(client.session, "mine");
  assertEquals(await client.call("jobs.cancel", { job: "mine" }), { cancelled: true });
  assertRefused(await answer, CANCELLED);
  await untilFree(started.core);
  assertEquals(started.core.blocks.pooledBytes, 0, "a killed thread's memory is not used again");
  await assertUnharmed(client);
  assertEquals(started.logged.map(({ event, thread }) => ({ event, thread })), [
    { event: "thread-replaced", thread: 0 },
  ]);
});

Deno.test("jobs.cancel in the batch of its job stops it before it begins", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  client.send(JSON.stringify([
    { jsonrpc: "2.0", id: 1, method: "jobs.run", params: { operation: "spin", job: "mine" } },
    { jsonrpc: "2.0", id: 2, method: "jobs.cancel", params: { job: "mine" } },
  ]));
  const [run, cancel] = await client.nextMessage();
  assertRefused(run, CANCELLED);
  assertEquals(cancel.result, { cancelled: true });
  await assertUnharmed(client);
  assertEquals(started.logged, []);
});

Deno.test("jobs.cancel reaches only the jobs of its own session", async () => {
  await using started = await startCore();
  const [client, other] = [started.connect(), started.connect()];
  const answer = client.request("jobs.run", { ...WAIT_FOR_LATCH, job: "mine" });
  const latch = await begunLatch(client.session, "mine");
  assertEquals(await other.call("jobs.cancel", { job: "mine" }), { cancelled: false });
  open(latch);
  assertEquals((await answer).error, undefined);
  await assertUnharmed(client);
});

Deno.test("jobs.cancel twice answers once, and the name is free at once", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  const answer = client.request("jobs.run", { ...SPIN, job: "mine" });
  await begunLatch(client.session, "mine");
  const cancels = [1, 2].map(() => client.call("jobs.cancel", { job: "mine" }));
  const again = client.request("jobs.run", {
    operation: "fill",
    params: { rows: 1 },
    job: "mine",
  });
  assertRefused(await answer, CANCELLED);
  const [first] = await Promise.all(cancels);
  assertEquals(first, { cancelled: true });
  const { error } = await again;
  assert(error === undefined || error.data.code === "DUPLICATE_JOB", JSON.stringify(error));
  await client.call("jobs.run", { operation: "fill", params: { rows: 1 }, job: "mine" });
  await untilFree(started.core);
});
