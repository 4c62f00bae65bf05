import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { OutboardError } from "../../../workers/errors.ts";
import type { Job } from "../../../workers/job.ts";
import type { Slice } from "../../../workers/messages.ts";
import type { Scheduler } from "../../../workers/scheduler.ts";
import { jobOf, shared, sliceOf, withScheduler } from "./scheduler_fixture.ts";

const CANCELLED = new OutboardError("CANCELLED", "Cancelled by the test");
/** So often an operation is run that it is known to be small, however slow its first runs were. */
const ENOUGH = 200;

const count = (milliseconds: number): Slice =>
  sliceOf("count_slowly", {
    params: { milliseconds },
    outputs: { counted: shared("float64", [1], 8) },
  });

const exit = (exit: boolean): Slice =>
  sliceOf("exit_if_told", { params: { exit }, outputs: { done: shared("uint8", [1], 1) } });

async function makeKnown(scheduler: Scheduler, slice: () => Slice): Promise<void> {
  for (let i = 0; i < ENOUGH; i++) await scheduler.submit(jobOf([slice()])).outcome;
}

function submit(scheduler: Scheduler, slices: readonly Slice[]): Job[] {
  return slices.map((slice) => scheduler.submit(jobOf([slice])));
}

async function codeOf({ outcome }: Job): Promise<string> {
  return (await assertRejects(() => outcome, OutboardError) as OutboardError).code;
}

Deno.test("Scheduler queues several small jobs in one thread and answers each once", () =>
  withScheduler({ threads: 1 }, async ({ scheduler }) => {
    await makeKnown(scheduler, () => count(0));
    const slices = Array.from({ length: 500 }, () => count(0));
    const jobs = submit(scheduler, slices);
    assert(scheduler.counts.running > 1, `${scheduler.counts.running} jobs are with the thread`);
    let answers = 0;
    await Promise.all(jobs.map(({ outcome }) => outcome.then(() => answers++)));
    assertEquals(answers, slices.length);
    for (const { outputs } of slices) {
      assert((new Float64Array(outputs.counted!.buffer)[0] as number) >= 0);
    }
    assertEquals(await Promise.all(jobs.map(({ ended }) => ended)), slices.map(() => true));
    assertEquals(scheduler.counts, { queued: 0, running: 0 });
  }));

Deno.test("Scheduler takes small jobs away from behind one that turns out long", () =>
  withScheduler({ threads: 2 }, async ({ scheduler }) => {
    await scheduler.pool.ping(5000); // Both threads are there.
    await makeKnown(scheduler, () => count(0));
    const [long, ...small] = submit(scheduler, [count(600_000), count(0), count(0), count(0)]);
    await Promise.all(small.map(({ outcome }) => outcome));
    assert(long!.running);
    long!.cancel(CANCELLED);
    assertEquals(await codeOf(long!), "CANCELLED");
    assertEquals(await long!.ended, true);
  }));

Deno.test("Job.cancel() takes a job back that waits in its thread, at once, and the thread goes on", () =>
  withScheduler({ threads: 1 }, async ({ scheduler, replaced }) => {
    await makeKnown(scheduler, () => count(0));
    const [long, cancelled, other] = submit(scheduler, [count(600_000), count(0), count(0)]);
    cancelled!.cancel(CANCELLED);
    assertEquals(await codeOf(cancelled!), "CANCELLED");
    assertEquals(await cancelled!.ended, true);
    assert(long!.running);
    long!.cancel(CANCELLED);
    assertEquals(await codeOf(long!), "CANCELLED");
    await other!.outcome;
    assertEquals(replaced, []);
  }));

Deno.test("jobs that wait in a thread that dies are run by its successor", () =>
  withScheduler({ threads: 1 }, async ({ scheduler, replaced }) => {
    await makeKnown(scheduler, () => exit(false));
    const [dying, ...others] = submit(scheduler, [true, false, false, false].map(exit));
    assertEquals(await codeOf(dying!), "THREAD_DIED");
    await Promise.all(others.map(({ outcome }) => outcome));
    assertEquals(await Promise.all([dying!, ...others].map(({ ended }) => ended)), [
      false,
      true,
      true,
      true,
    ]);
    assertEquals(replaced.length, 1);
  }));

Deno.test("a job's time does not run while it waits in its thread behind another that turns out long", () =>
  withScheduler({ threads: 1 }, async ({ scheduler }) => {
    await makeKnown(scheduler, () => count(0));
    const long = scheduler.submit(jobOf([count(300)]));
    const waiting = scheduler.submit(jobOf([count(0)], { timeoutMs: 100 }));
    await Promise.all([long.outcome, waiting.outcome]);
  }));

Deno.test("requests and answers that are too long for a slot come through all the same", () =>
  withScheduler({ threads: 1 }, async ({ scheduler }) => {
    const rows = 5000;
    const numbers = Array.from({ length: rows }, (_, row) => row);
    const fill = (more: Partial<Slice>) =>
      sliceOf("fill", {
        params: { rows },
        outputs: { filled: shared("uint32", [rows], rows * 4) },
        dimensions: { rows },
        range: { start: 0, end: rows },
        plainNumbers: rows,
        ...more,
      });
    const { module } = fill({});
    const slices = [fill({}), fill({ module: `${module}?${"long".repeat(2000)}` })];
    for (const job of submit(scheduler, slices)) {
      assertEquals(JSON.parse((await job.outcome).text ?? ""), { filled: numbers });
    }
    const wrong = scheduler.submit(jobOf([fill({ params: { [`${"rows".repeat(2000)}`]: 1 } })]));
    assertEquals(await codeOf(wrong), "INVALID_PARAMS");
  }));
