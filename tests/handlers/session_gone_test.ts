import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import {
  begunLatch,
  declare,
  open,
  type SessionClient,
  startCore,
  until,
  untilFree,
  untilRunning,
  WAIT_FOR_LATCH,
} from "./mod.ts";
import { assertUnharmed } from "./refusals.ts";

/** Starts a job of every kind: spinning, waiting, queued and uploading. Takes two threads. */
async function startAllKinds(client: SessionClient): Promise<void> {
  client.send(call(1, { operation: "spin", job: "spinning" }));
  client.send(call(2, { ...WAIT_FOR_LATCH, job: "waiting" }));
  await begunLatch(client.session, "waiting");
  client.send(call(3, { ...WAIT_FOR_LATCH, job: "queued" }));
  await until(() => client.session.core.scheduler.counts.queued === 1, "a job is queued");
  const inputs = { values: declare(1, "uint8", [10, 1]) };
  client.send(call(4, { operation: "echo", inputs, job: "uploading" }));
}

const call = (id: number, params: unknown) =>
  JSON.stringify({ jsonrpc: "2.0", id, method: "jobs.run", params });

Deno.test("Session.close() stops all jobs of the session and gives their memory back", async () => {
  await using started = await startCore({ threads: 2 });
  const [gone, other] = [started.connect(), started.connect()];
  await startAllKinds(gone);
  assert(started.core.budget.held > 0);
  gone.session.close();
  assertEquals([...started.core.sessions], [other.session]);
  assertEquals(gone.session.jobs.size, 4, "nothing is answered yet");
  await untilFree(started.core);
  assertEquals(gone.session.jobs.size, 0);
  assertEquals(gone.messages, [], "a closed session is sent nothing");
  await assertUnharmed(other);
});

Deno.test("Session.close() leaves the jobs of other sessions alone", async () => {
  await using started = await startCore({ threads: 2 });
  const [gone, other] = [started.connect(), started.connect()];
  const kept = other.request("jobs.run", { ...WAIT_FOR_LATCH, job: "kept" });
  const latch = await begunLatch(other.session, "kept");
  gone.send(call(1, { operation: "spin" }));
  await untilRunning(started.core, 2);
  gone.session.close();
  await untilRunning(started.core, 1);
  open(latch);
  assertEquals((await kept).error, undefined);
  await assertUnharmed(other);
});

Deno.test("Session.close() of a session that declared arrays forgets them", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  client.send(call(1, {
    operation: "echo",
    inputs: { values: declare(1, "uint8", [10, 1]), weights: declare(2, "float32", [10]) },
  }));
  client.sendArray(1, new Uint8Array(10));
  assertEquals([1, 2].map((id) => client.session.incoming.has(id)), [false, true]);
  client.session.close();
  assertEquals(client.session.incoming.has(2), false);
  await untilFree(started.core);
});

Deno.test("receiveText() starts nothing for a session that is gone", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  client.session.close();
  client.send(call(1, { operation: "spin" }));
  client.send(call(2, {
    operation: "echo",
    inputs: { values: declare(1, "uint8", [10, 1]) },
  }));
  client.sendArray(1, new Uint8Array(5));
  assertEquals(started.core.budget.held, 0);
  assertEquals(started.core.scheduler.jobs, []);
  assertEquals(client.messages, []);
});

Deno.test("Core.stop() answers every job as cancelled, once, and ends", async () => {
  const started = await startCore({ threads: 2 });
  const client = started.connect();
  await startAllKinds(client);
  await started.core.stop(() => {
    const codes = [1, 2, 3, 4].map((id) => client.answersTo(id).map(({ error }) => error));
    for (const errors of codes) {
      assertEquals(errors, [{
        code: -32012,
        message: "The server is shutting down",
        data: { code: "CANCELLED" },
      }]);
    }
    return Promise.resolve();
  });
  assertEquals(client.messages.length, 4);
  assertEquals(started.core.budget.held, 0);
});

Deno.test("Core.stop() does not wait for ever for an answer that never comes", async () => {
  const started = await startCore({ threads: 1 });
  const client = started.connect();
  client.session.answered = () => new Promise(() => {});
  await started.core.stop();
  assertEquals(started.core.sessions.size, 0);
});

Deno.test("Core.stop() refuses jobs that come while it says goodbye", async () => {
  const started = await startCore({ threads: 1 });
  const client = started.connect();
  await started.core.stop(async () => {
    const { error } = await client.request("jobs.run", { operation: "spin" });
    assertEquals(error?.data.code, "CANCELLED");
    assertEquals(error?.message, "The server is shutting down");
  });
});
