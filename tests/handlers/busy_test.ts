import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import {
  begunLatch,
  declare,
  open,
  type Reply,
  startCore,
  until,
  untilRunning,
  WAIT_FOR_LATCH,
} from "./mod.ts";
import { assertRefused, assertUnharmed } from "./refusals.ts";

/** Checks that the reply tells when to ask again, and takes it out for the comparison with what is fixed. */
function withoutRetry(reply: Reply): Reply {
  const { retryAfterMs, ...data } = reply.error?.data ?? {};
  assert(Number.isInteger(retryAfterMs) && retryAfterMs > 0 && retryAfterMs <= 5000);
  return { ...reply, error: { code: 0, message: "", ...reply.error, data } };
}

const upload = (id: number, bytes: number) => ({
  operation: "echo",
  inputs: { values: declare(id, "uint8", [bytes, 1]) },
  job: `upload ${id}`,
  arrays: "binary",
});

Deno.test("jobs.run is BUSY while unfinished jobs hold the memory of the session", async () => {
  await using started = await startCore({
    threads: 1,
    limits: { maxSessionBytes: 1000, maxTotalBytes: 10_000 },
  });
  const client = started.connect();
  const first = client.request("jobs.run", upload(1, 300));
  assertRefused(withoutRetry(await client.request("jobs.run", upload(2, 300))), {
    run: {},
    code: "BUSY",
    message: "Cannot run 'echo': unfinished jobs hold 600 bytes, there is no room for 600 more",
  });
  // Another session has room of its own.
  const other = started.connect();
  const second = other.request("jobs.run", upload(1, 300));
  assertEquals(started.core.budget.held, 1200);
  client.sendArray(1, new Uint8Array(300));
  other.sendArray(1, new Uint8Array(300));
  for (const reply of await Promise.all([first, second])) assertEquals(reply.error, undefined);
  await assertUnharmed(client, [1, 2]);
});

Deno.test("jobs.run is BUSY while the jobs of all sessions hold the memory of the server", async () => {
  await using started = await startCore({
    threads: 1,
    limits: { maxSessionBytes: 1000, maxTotalBytes: 1500 },
  });
  const [first, second] = [started.connect(), started.connect()];
  const held = first.request("jobs.run", upload(1, 500));
  assertRefused(withoutRetry(await second.request("jobs.run", upload(1, 300))), {
    run: {},
    code: "BUSY",
    message: "Cannot run 'echo': unfinished jobs hold 1000 bytes, there is no room for 600 more",
  });
  assertEquals(await first.call("jobs.cancel", { job: "upload 1" }), { cancelled: true });
  assertEquals((await held).error?.data.code, "CANCELLED");
  await assertUnharmed(second, [1]);
});

Deno.test("jobs.run is BUSY beyond the unfinished jobs that a session may have", async () => {
  await using started = await startCore({ threads: 1, limits: { maxSessionJobs: 2 } });
  const client = started.connect();
  const held = [1, 2].map((id) => client.request("jobs.run", upload(id, 10)));
  assertRefused(withoutRetry(await client.request("jobs.run", upload(3, 10))), {
    run: {},
    code: "BUSY",
    message: "Cannot run 'echo': this session has 2 unfinished jobs already",
  });
  for (const id of [1, 2, 3]) client.sendArray(id, new Uint8Array(10));
  for (const { error } of await Promise.all(held)) assertEquals(error, undefined);
  assertEquals(client.answersTo(null), []);
  await assertUnharmed(client, [1, 2, 3]);
});

Deno.test("jobs.run is BUSY when as many jobs wait for a thread as may", async () => {
  await using started = await startCore({ threads: 1, limits: { maxQueuedJobs: 2 } });
  const client = started.connect();
  const run = (job: string) => client.request("jobs.run", { ...WAIT_FOR_LATCH, job });
  const jobs = [run("a"), run("b"), run("c")];
  await untilRunning(started.core, 1);
  await until(() => started.core.scheduler.counts.queued === 2, "two jobs wait");
  assertRefused(withoutRetry(await run("d")), {
    run: {},
    code: "BUSY",
    message: "Cannot queue 'wait_for_latch': 2 jobs wait already",
  });
  for (const job of ["a", "b", "c"]) open(await begunLatch(client.session, job));
  for (const { error } of await Promise.all(jobs)) assertEquals(error, undefined);
  await assertUnharmed(client);
});

Deno.test("jobs.run refuses a second unfinished job under the same name", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  const first = client.request("jobs.run", { ...upload(1, 10), job: "mine" });
  assertRefused(await client.request("jobs.run", { ...upload(2, 10), job: "mine" }), {
    run: {},
    code: "DUPLICATE_JOB",
    message: "Cannot run 'echo': an unfinished job is named 'mine' already",
    data: { job: "mine" },
  });
  // The name is the session's own.
  const other = started.connect();
  const run = { operation: "fill", params: { rows: 1 }, job: "mine" };
  await other.call("jobs.run", run);
  client.sendArray(1, new Uint8Array(10));
  assertEquals((await first).error, undefined);
  // A finished job gives its name back.
  await client.call("jobs.run", run);
  await assertUnharmed(client, [1, 2]);
});
