import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { assertThrows } from "@std/assert/throws.js";
import { OutboardError } from "../../../workers/errors.ts";
import type { Scheduler } from "../../../workers/scheduler.ts";
import type { JobOutcome } from "../../../workers/job.ts";
import { jobOf, latched, shared, sliceOf, withScheduler } from "./scheduler_fixture.ts";

const CANCELLED = new OutboardError("CANCELLED", "Cancelled by the test");

/** A thread still answers, and heeds a cancel, while it loads the operation's file. */
async function untilSpinning({ pool }: Scheduler): Promise<boolean[]> {
  for (;;) {
    const answers = await pool.ping(1000);
    if (!answers.every(Boolean)) return answers;
  }
}

async function failureOf(outcome: Promise<JobOutcome>): Promise<OutboardError> {
  return await assertRejects(() => outcome, OutboardError) as OutboardError;
}

Deno.test("Scheduler.submit() runs a job and says when its arrays are free", () =>
  withScheduler({ threads: 1 }, async ({ scheduler }) => {
    const filled = shared("uint32", [5], 20);
    const slice = sliceOf("fill", {
      params: { rows: 5 },
      outputs: { filled },
      dimensions: { rows: 5 },
      range: { start: 0, end: 5 },
    });
    const job = scheduler.submit(jobOf([slice]));
    const { allocated, queueMs, computeMs } = await job.outcome;
    assertEquals(allocated, {});
    assert(queueMs >= 0 && computeMs > 0);
    assertEquals(await job.ended, true);
    assertEquals([...new Uint32Array(filled.buffer)], [0, 1, 2, 3, 4]);
    assertEquals(scheduler.counts, { queued: 0, running: 0 });
  }));

Deno.test("Scheduler.submit() writes the same bytes with 1, 2 and 7 slices", () =>
  withScheduler({ threads: 3 }, async ({ scheduler }) => {
    const rows = 10_001;
    const results: Uint32Array[] = [];
    for (const parts of [1, 2, 7]) {
      const filled = shared("uint32", [rows], rows * 4);
      const slices = Array.from({ length: parts }, (_, part) =>
        sliceOf("fill", {
          params: { rows },
          outputs: { filled },
          dimensions: { rows },
          range: {
            start: Math.floor(rows * part / parts),
            end: Math.floor(rows * (part + 1) / parts),
          },
        }));
      await scheduler.submit(jobOf(slices)).outcome;
      results.push(new Uint32Array(filled.buffer));
    }
    assertEquals(results[0]?.at(-1), rows - 1);
    assertEquals(results[1], results[0]);
    assertEquals(results[2], results[0]);
  }));

Deno.test("Scheduler.submit() hands back outputs that only the run could size", () =>
  withScheduler({ threads: 1 }, async ({ scheduler }) => {
    const { allocated } = await scheduler.submit(
      jobOf([sliceOf("grow", { params: { rows: 4 } })]),
    ).outcome;
    assertEquals(allocated.grown?.shape, [4, 3]);
    assertEquals(new Float32Array(allocated.grown?.buffer as SharedArrayBuffer)[11], 11);
    const tooLarge = sliceOf("grow", { params: { rows: 1000 }, maxArrayBytes: 100 });
    assertEquals((await failureOf(scheduler.submit(jobOf([tooLarge])).outcome)).code, "TOO_LARGE");
  }));

Deno.test("Scheduler turns between sessions: a long queue of one does not delay another", () =>
  withScheduler({ threads: 1 }, async ({ scheduler }) => {
    const blocker = latched();
    const blocked = scheduler.submit(blocker.request);
    await blocker.begun;
    const order: string[] = [];
    const submit = (session: string, name: string) =>
      scheduler.submit(jobOf([sliceOf("fill", { params: { rows: 0 }, dimensions: { rows: 0 } })], {
        session,
      })).outcome.then(() => order.push(name), (error) => order.push(String(error)));
    const many = Array.from({ length: 10 }, (_, i) => submit("greedy", `greedy ${i}`));
    const one = submit("modest", "modest");
    assertEquals(scheduler.counts, { queued: 11, running: 1 });
    blocker.open();
    await Promise.all([...many, one, blocked.outcome]);
    assertEquals(order.indexOf("modest"), 1);
  }));

Deno.test("Scheduler.submit() refuses with BUSY when the queue is full and tells when to come back", () =>
  withScheduler({ threads: 1, maxQueuedJobs: 2 }, async ({ scheduler }) => {
    const blocker = latched();
    const blocked = scheduler.submit(blocker.request);
    await blocker.begun;
    const waiting = [1, 2].map(() => scheduler.submit(latched().request));
    const error = assertThrows(() => scheduler.submit(latched().request), OutboardError);
    assertEquals((error as OutboardError).code, "BUSY");
    assert(((error as OutboardError).data?.retryAfterMs as number) > 0);
    for (const job of waiting) job.cancel(CANCELLED);
    for (const job of waiting) assertEquals((await failureOf(job.outcome)).code, "CANCELLED");
    blocker.open();
    await blocked.outcome;
    await Promise.all([blocked, ...waiting].map(({ ended }) => ended));
    assertEquals(scheduler.counts, { queued: 0, running: 0 });
  }));

Deno.test("Job.cancel() stops a job that looks at the signal and keeps its thread", () =>
  withScheduler({ threads: 1 }, async ({ scheduler, replaced }) => {
    const { request, begun } = latched();
    const job = scheduler.submit(request);
    await begun;
    job.cancel(CANCELLED);
    assertEquals((await failureOf(job.outcome)).message, "Cancelled by the test");
    assertEquals(await job.ended, true);
    assertEquals(replaced, []);
  }));

Deno.test("Job.cancel() kills a thread that does not look at the signal, and replaces it", () =>
  withScheduler({ threads: 2 }, async ({ scheduler, replaced }) => {
    const job = scheduler.submit(jobOf([sliceOf("spin")]));
    await untilSpinning(scheduler);
    job.cancel(CANCELLED);
    assertEquals((await failureOf(job.outcome)).code, "CANCELLED");
    assertEquals(await job.ended, false);
    assertEquals(replaced.map(([, reason]) => reason), ["killed"]);
    const two = [1, 2].map(() => latched());
    const jobs = two.map(({ request }) => scheduler.submit(request));
    await Promise.all(two.map(({ begun }) => begun));
    for (const each of two) each.open();
    await Promise.all(jobs.map(({ outcome }) => outcome));
  }));

Deno.test("Scheduler answers a job whose thread dies with THREAD_DIED and replaces the thread", () =>
  withScheduler({ threads: 1 }, async ({ scheduler, replaced }) => {
    const job = scheduler.submit(jobOf([sliceOf("exit", { params: { code: 3 } })]));
    assertEquals((await failureOf(job.outcome)).code, "THREAD_DIED");
    assertEquals(await job.ended, false);
    assertEquals(replaced.length, 1);
    await scheduler.submit(jobOf([sliceOf("grow", { params: { rows: 1 } })])).outcome;
  }));

Deno.test("Scheduler tells of several failing slices the first, on any number of threads", () =>
  withScheduler({ threads: 4 }, async ({ scheduler }) => {
    const failing = () =>
      Array.from(
        { length: 4 },
        (_, index) => sliceOf("fail", { params: { how: index === 1 ? "own_error" : "exception" } }),
      );
    const [first, second, ...rest] = failing();
    const slices = [second, first, ...rest].filter((slice) => slice !== undefined);
    const error = await failureOf(scheduler.submit(jobOf(slices)).outcome);
    assertEquals([error.code, error.data], ["INVALID_VALUE", { row: 3 }]);
  }));

Deno.test("Scheduler says where in the operation's file an exception came from", () =>
  withScheduler({ threads: 1 }, async ({ scheduler }) => {
    const stacks: string[] = [];
    const request = jobOf([sliceOf("fail", { params: { how: "exception" } })], {
      onStack: (stack) => stacks.push(stack),
    });
    const error = await failureOf(scheduler.submit(request).outcome);
    assertEquals(error.code, "OPERATION_FAILED");
    assert(/failed in fail\.ts:\d+: The matrix is singular$/.test(error.message), error.message);
    assert(stacks[0]?.includes("TypeError: The matrix is singular"));
  }));

Deno.test("Scheduler passes progress on, at most ten times a second", () =>
  withScheduler({ threads: 1 }, async ({ scheduler }) => {
    const reports: number[] = [];
    const request = jobOf(
      [sliceOf("count_slowly", {
        params: { milliseconds: 450 },
        outputs: { counted: shared("float64", [1], 8) },
      })],
      { onProgress: (fraction) => reports.push(fraction) },
    );
    await scheduler.submit(request).outcome;
    assert(reports.length >= 1 && reports.length <= 5, `${reports.length} reports in 450 ms`);
    assertEquals(reports, [...reports].sort());
  }));

Deno.test("Pool.ping() tells which threads answer", () =>
  withScheduler({ threads: 2 }, async ({ scheduler }) => {
    await scheduler.submit(jobOf([sliceOf("grow", { params: { rows: 1 } })])).outcome;
    assertEquals(await scheduler.pool.ping(5000), [true, true]);
    const job = scheduler.submit(jobOf([sliceOf("spin")]));
    const answers = await untilSpinning(scheduler);
    assertEquals(answers.filter(Boolean).length, 1);
    job.cancel(CANCELLED);
    await job.ended;
  }));
