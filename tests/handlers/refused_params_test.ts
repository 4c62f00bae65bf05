import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import { type Json, startCore } from "./mod.ts";
import { assertRefused, assertUnharmed, type Refusal } from "./refusals.ts";

const choose = (params: Json) => ({ operation: "choose", params });

const REFUSALS: Refusal[] = [
  {
    title: "an unknown operation",
    run: { operation: "no_such_thing" },
    code: "UNKNOWN_OPERATION",
    message:
      "Cannot run 'no_such_thing': the operations are choose, count_slowly, count_together, echo, exit, " +
      "exit_if_told, fail, fail_at, fill, grow, look_at_memory, spin, take_rows, wait_for_latch",
    data: { operation: "no_such_thing" },
  },
  {
    title: "an operation named like a property of every object",
    run: { operation: "constructor" },
    code: "UNKNOWN_OPERATION",
    message:
      "Cannot run 'constructor': the operations are choose, count_slowly, count_together, echo, exit, " +
      "exit_if_told, fail, fail_at, fill, grow, look_at_memory, spin, take_rows, wait_for_latch",
    data: { operation: "constructor" },
  },
  {
    title: "a path instead of an operation",
    run: { operation: "../operations/fill" },
    code: "UNKNOWN_OPERATION",
    message:
      "Cannot run '../operations/fill': the operations are choose, count_slowly, count_together, echo, " +
      "exit, exit_if_told, fail, fail_at, fill, grow, look_at_memory, spin, take_rows, wait_for_latch",
    data: { operation: "../operations/fill" },
  },
  {
    title: "no operation",
    run: {},
    code: "INVALID_PARAMS",
    message: "Cannot call 'jobs.run': 'operation' must be a string, got nothing",
    data: { issues: [{ path: "operation", wanted: "a string" }] },
  },
  {
    title: "parameters that are no object",
    run: { operation: "choose", params: [1] },
    code: "INVALID_PARAMS",
    message: "Cannot call 'jobs.run': 'params' must be a record, got [1]",
    data: { issues: [{ path: "params", wanted: "a record", came: [1] }] },
  },
  {
    title: "a form of arrays that does not exist",
    run: { operation: "choose", arrays: "base64" },
    code: "INVALID_PARAMS",
    message: `Cannot call 'jobs.run': 'arrays' must be one of "binary", "json", got "base64"`,
    data: { issues: [{ path: "arrays", wanted: 'one of "binary", "json"', came: "base64" }] },
  },
  {
    title: "an unknown parameter",
    run: choose({ sed: 1 }),
    code: "INVALID_PARAMS",
    message: "Cannot run 'choose': 'sed' is not a known key",
    data: { issues: [{ path: "sed", wanted: "no such key", came: 1 }] },
  },
  {
    title: "a number beyond its range",
    run: choose({ form: { kind: "circle", radius: 11 } }),
    code: "INVALID_PARAMS",
    message: "Cannot run 'choose': 'form.radius' must be a number <= 10, got 11",
    data: { issues: [{ path: "form.radius", wanted: "a number <= 10", came: 11 }] },
  },
  {
    title: "a fraction where an integer is wanted, deep inside",
    run: choose({ steps: [{ size: 1 }, { size: 1.5 }] }),
    code: "INVALID_PARAMS",
    message: "Cannot run 'choose': 'steps.1.size' must be an int, got 1.5",
    data: { issues: [{ path: "steps.1.size", wanted: "an int", came: 1.5 }] },
  },
  {
    title: "an unknown branch of a union",
    run: choose({ form: { kind: "ball", radius: 1 } }),
    code: "INVALID_PARAMS",
    message: `Cannot run 'choose': 'form.kind' must be one of "circle", "box", got "ball"`,
    data: { issues: [{ path: "form.kind", wanted: 'one of "circle", "box"', came: "ball" }] },
  },
  {
    title: "several things at once",
    run: choose({ form: { kind: "box", low: "a" }, steps: [{}], seed: -1 }),
    code: "INVALID_PARAMS",
    message: `Cannot run 'choose': 'form.low' must be a number, got "a"; ` +
      "'steps.0.size' must be a number, got nothing; 'seed' must be a number >= 0, got -1",
    data: {
      issues: [
        { path: "form.low", wanted: "a number", came: "a" },
        { path: "steps.0.size", wanted: "a number" },
        { path: "seed", wanted: "a number >= 0", came: -1 },
      ],
    },
  },
  {
    title: "what only a refinement in the thread can tell",
    run: choose({ form: { kind: "box", low: 2, high: 1 } }),
    code: "INVALID_PARAMS",
    message: "Cannot run 'choose': 'form.high' must be at least as large as low, got 1",
    data: { issues: [{ path: "form.high", wanted: "at least as large as low", came: 1 }] },
  },
];

Deno.test("jobs.run refuses wrong parameters with path, wanted and came", async (test) => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  for (const refusal of REFUSALS) {
    await test.step(refusal.title, async () => {
      assertRefused(await client.request("jobs.run", refusal.run), refusal);
      await assertUnharmed(client);
    });
  }
});

const FAILURES: Refusal[] = [
  {
    title: "an exception",
    run: { operation: "fail", params: { how: "exception" } },
    code: "OPERATION_FAILED",
    message: "Operation 'fail' failed in fail.ts:LINE: The matrix is singular",
  },
  {
    title: "a rejection after a wait",
    run: { operation: "fail", params: { how: "late" } },
    code: "OPERATION_FAILED",
    message: "Operation 'fail' failed in fail.ts:LINE: Failed after a wait",
  },
  {
    title: "a thrown text",
    run: { operation: "fail", params: { how: "thrown_text" } },
    code: "OPERATION_FAILED",
    message: "Operation 'fail' failed in fail.ts: only a text",
  },
  {
    title: "an error of our own kind",
    run: { operation: "fail", params: { how: "own_error" } },
    code: "INVALID_VALUE",
    message: "Cannot fail in any other way",
    data: { row: 3 },
  },
  {
    title: "an output that was never made",
    run: { operation: "fail", params: { how: "no_output" } },
    code: "OPERATION_FAILED",
    message: "Operation 'fail' ended without allocating its output 'nothing'",
  },
  {
    title: "the end of its thread",
    run: { operation: "exit" },
    code: "THREAD_DIED",
    message: "The worker thread died under the job: worker exited with code: 3",
  },
];

Deno.test("jobs.run tells why an operation failed, and its stack to the log only", async (test) => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  for (const failure of FAILURES) {
    await test.step(failure.title, async () => {
      const reply = await client.request("jobs.run", failure.run);
      const { error } = reply;
      if (error !== undefined) error.message = error.message.replace(/\.ts:\d+/, ".ts:LINE");
      assertRefused(reply, failure);
      assert(!JSON.stringify(error).includes("file:"), "no stack and no path in the answer");
      await assertUnharmed(client);
    });
  }
  const stacks = started.logged.filter(({ event }) => event === "operation-failed");
  assertEquals(stacks.length, 2);
  for (const { message } of stacks) assert(message?.includes("    at "), message);
});

Deno.test("jobs.run answers many issues with the first ones, and long values with their beginning", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  const long = "x".repeat(1000);
  const { error } = await client.request("jobs.run", choose({ steps: Array(90).fill(long) }));
  assertEquals(error?.data.issues.length, 20);
  assert(error?.message.endsWith("; and 70 more"), error?.message);
  for (const { path, came } of error?.data.issues ?? []) {
    assert(/^steps\.\d+$/.test(path), path);
    assertEquals(came, `"${"x".repeat(56)}…`);
  }
  assert(JSON.stringify(error).length < 5000, "an answer is not many times what was sent");
  await assertUnharmed(client);
});
