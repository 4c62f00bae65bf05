import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { OutboardError } from "../../../workers/errors.ts";
import { jobOf, latched, sliceOf, withScheduler } from "./scheduler_fixture.ts";

Deno.test("a job past its deadline is answered TIMEOUT and its thread is free again", () =>
  withScheduler({ threads: 1 }, async ({ scheduler, replaced }) => {
    for (const request of [jobOf([sliceOf("spin")]), latched().request]) {
      const job = scheduler.submit({ ...request, timeoutMs: 50 });
      const error = await assertRejects(() => job.outcome, OutboardError) as OutboardError;
      assertEquals([error.code, error.data], ["TIMEOUT", { timeoutSeconds: 0.05 }]);
      await job.ended;
      await scheduler.submit(jobOf([sliceOf("grow", { params: { rows: 1 } })])).outcome;
    }
    // The spinning one had to be killed, the other one saw the flag.
    assertEquals(replaced, [[0, "killed"]]);
  }));

Deno.test("waiting for a thread does not count against a job's time", () =>
  withScheduler({ threads: 1 }, async ({ scheduler }) => {
    const first = latched();
    const running = scheduler.submit(first.request);
    await first.begun;
    const second = latched({ timeoutMs: 50 });
    const waiting = scheduler.submit(second.request);
    const third = scheduler.submit({ ...latched().request, session: "other", timeoutMs: 50 });
    first.open();
    await running.outcome;
    second.open();
    await waiting.outcome;
    await assertRejects(() => third.outcome, OutboardError);
  }));
