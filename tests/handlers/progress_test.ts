import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import type { JobRequest } from "../../workers/job.ts";
import { startCore, until, untilFree } from "./mod.ts";
import { assertRefused, assertUnharmed } from "./refusals.ts";

const MILLISECONDS = 650;
const count = (milliseconds: number) => ({ operation: "count_slowly", params: { milliseconds } });

Deno.test("jobs.progress tells how far a job is, at most ten times a second", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  const result = await client.call("jobs.run", { ...count(MILLISECONDS), job: "mine" });
  const told = client.notifications("jobs.progress");
  const atMost = Math.ceil(result.timings.totalMs / 100);
  assert(told.length >= 2 && told.length <= atMost, `${told.length} in ${MILLISECONDS} ms`);
  let last = 0;
  for (const { job, fraction, message, ...others } of told) {
    assertEquals([job, others], ["mine", {}]);
    assert(fraction > last && fraction <= 1, `${fraction} after ${last}`);
    assert(/^counted to \d+$/.test(message), message);
    last = fraction;
  }
  assert(result.outputs.counted[0] > 100, "it reported far more often than was told");
});

Deno.test("jobs.progress of a job on several threads is no more often, and tells of all", async () => {
  await using started = await startCore({ threads: 4 });
  const client = started.connect();
  const { timings } = await client.call("jobs.run", {
    operation: "count_together",
    params: { rows: 200_000, milliseconds: MILLISECONDS },
    job: "mine",
    arrays: "binary",
  });
  const told = client.notifications("jobs.progress");
  const atMost = Math.ceil(timings.totalMs / 100);
  assert(told.length >= 2 && told.length <= atMost, `${told.length} in ${timings.totalMs} ms`);
  for (const { fraction } of told) assert(fraction > 0 && fraction < 1, `${fraction}`);
  await untilFree(started.core);
});

Deno.test("jobs.progress is not sent for a job without a name", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  await client.call("jobs.run", count(250));
  assertEquals(client.notifications("jobs.progress"), []);
});

Deno.test("jobs.progress is not sent once the job is answered", async () => {
  await using started = await startCore({ threads: 1 });
  const { scheduler } = started.core;
  const client = started.connect();
  let report: JobRequest["onProgress"] = () => {};
  const submit = scheduler.submit.bind(scheduler);
  scheduler.submit = (request) => {
    report = request.onProgress;
    return submit(request);
  };
  const answer = client.request("jobs.run", { ...count(60_000), job: "mine" });
  await client.when(() => client.notifications("jobs.progress")[0], "Progress");
  const [, cancelled] = await Promise.all([client.call("jobs.cancel", { job: "mine" }), answer]);
  assertEquals(cancelled.error?.data.code, "CANCELLED");
  const before = client.notifications("jobs.progress").length;
  // A thread that does not look at the signal yet may still report.
  report(0.5, "late");
  await untilFree(started.core);
  assertEquals(client.notifications("jobs.progress").length, before);
});

Deno.test("jobs.run stops a job that runs over its time, whether it looks or not", async (test) => {
  await using started = await startCore({ threads: 1, limits: { jobTimeoutSeconds: 0.5 } });
  const client = started.connect();
  for (const run of [{ operation: "spin" }, count(60_000)]) {
    await test.step(run.operation, async () => {
      assertRefused(await client.request("jobs.run", run), {
        run,
        code: "TIMEOUT",
        message: `Operation '${run.operation}' ran over its time of 0.5 s and was stopped`,
        data: { timeoutSeconds: 0.5 },
      });
      await assertUnharmed(client);
    });
  }
});

Deno.test("jobs.run does not count the time in the queue", async () => {
  await using started = await startCore({ threads: 1, limits: { jobTimeoutSeconds: 0.4 } });
  const client = started.connect();
  const [first, second] = await Promise.all(
    [1, 2].map(() => client.call("jobs.run", count(250))),
  );
  assert(first.timings.queueMs < 250, `${first.timings.queueMs}`);
  assert(second.timings.queueMs > 200, `${second.timings.queueMs}`);
  assert(second.timings.totalMs > 400, `${second.timings.totalMs}`);
  await until(() => started.core.budget.held === 0, "all memory is given back");
});
