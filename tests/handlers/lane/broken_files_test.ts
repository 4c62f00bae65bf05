import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertMatch } from "@std/assert/match.js";
import { begunLatch, SPIN, until, untilFree, WAIT_FOR_LATCH } from "../mod.ts";
import { assertUnharmed } from "../refusals.ts";
import { type LaneClient, startLaneCore } from "./lane_client.ts";

const ROWS = 2 ** 19;
const VALUES = Uint8Array.from({ length: ROWS }, (_, row) => row);
const FILL = { operation: "fill", params: { rows: 2 ** 17 } };

/** Runs `echo` of an input in the session's first slot. */
function echo({ session, slots: [slot = 0] }: LaneClient, declared: unknown) {
  return session.request("jobs.run", {
    operation: "echo",
    inputs: { values: declared },
    lane: { slot, offset: ROWS },
    job: "mine",
  });
}

const place = ({ slots: [slot = 0] }: LaneClient) => ({ slot, offset: 0, shape: [ROWS, 1] });

Deno.test("a file that is too short fails the job, and another slot takes its place", async () => {
  await using started = await startLaneCore({ threads: 1 });
  const client = await started.connectLane();
  const declared = client.put(VALUES, place(client));
  await Deno.truncate(client.fileOf(1), 1000);
  const { error } = await echo(client, declared);
  assertEquals(error?.data.code, "LANE_FAILED");
  assertEquals(
    error?.message,
    `Cannot read slot 1 of the lane: wanted ${ROWS} bytes, got 1000; ` +
      "send the arrays in binary frames",
  );
  assertEquals(client.session.notifications("lane.renewed"), [{ slot: 1, as: 5 }]);
  assertEquals(started.files, ["nonce", "slot-2", "slot-3", "slot-4", "slot-5"]);
  const [renewed, answered] = client.session.messages.slice(-2);
  assertEquals([renewed.method, answered.error.code], ["lane.renewed", -32018], "in this order");
  client.slots[0] = 5;
  const again = await echo(client, client.put(VALUES, place(client)));
  assertEquals(client.take(again.result.outputs).values, VALUES);
  await assertUnharmed(client.session);
});

Deno.test("a folder that vanishes fails what is in it; what only was to go there is sent", async () => {
  await using started = await startLaneCore({ threads: 2 });
  const client = await started.connectLane();
  const declared = client.put(VALUES, place(client));
  await Deno.remove(started.folder, { recursive: true });
  const { error } = await echo(client, declared);
  assertEquals(
    error?.message,
    "Cannot open slot 1 of the lane: its file is gone; send the arrays in binary frames",
  );
  assertEquals(client.session.notifications("lane.renewed"), [{ slot: 1, as: null }]);
  const { outputs } = await client.session.call("jobs.run", {
    ...FILL,
    lane: { slot: 2, offset: 0 },
  });
  const { filled } = await client.session.arrays(outputs);
  assertEquals(filled, Uint32Array.from({ length: 2 ** 17 }, (_, row) => row));
  assertMatch(
    started.logged.find(({ event }) => event === "lane-failed")?.message ?? "",
    /Slot 2 .* could not be written/,
  );
  await assertUnharmed(client.session);
});

Deno.test("a slot that only some of the threads could write is not told as written", async () => {
  await using started = await startLaneCore({ threads: 2 });
  const client = await started.connectLane();
  // A file that cannot be opened to be written, as on a disk that has been made read-only.
  await Deno.remove(client.fileOf(2));
  await Deno.mkdir(client.fileOf(2));
  const { outputs } = await client.session.call("jobs.run", {
    ...FILL,
    lane: { slot: 2, offset: 0 },
  });
  assertEquals("lane" in outputs.filled.$array, false);
  assertEquals((await client.session.arrays(outputs)).filled?.at(-1), 2 ** 17 - 1);
});

Deno.test("a cancelled job gives up its slot before it is answered", async () => {
  await using started = await startLaneCore({ threads: 1 });
  const client = await started.connectLane();
  const { session } = client;
  const answer = session.request("jobs.run", {
    ...WAIT_FOR_LATCH,
    job: "mine",
    lane: { slot: 3, offset: 0 },
  });
  await begunLatch(session.session, "mine");
  await session.call("jobs.cancel", { job: "mine" });
  assertEquals((await answer).error?.data.code, "CANCELLED");
  const index = session.messages.findIndex(({ method }) => method === "lane.renewed");
  const answered = session.messages.findIndex(({ error }) => error !== undefined);
  assert(index >= 0 && index < answered, "the fresh slot is told first");
  assertEquals(session.messages[index].params, { slot: 3, as: 5 });
  await assertUnharmed(session);
});

Deno.test("a session that ends takes its files along, whatever its jobs do", async () => {
  await using started = await startLaneCore({ threads: 1 });
  const [gone, other] = [await started.connectLane(), await started.connectLane()];
  gone.session.notify("jobs.run", { ...SPIN, lane: { slot: 1, offset: 0 } });
  await until(() => started.core.scheduler.counts.running === 1, "the job runs");
  gone.session.notify("jobs.run", { ...FILL, lane: { slot: 2, offset: 0 } });
  gone.session.session.close();
  assertEquals(started.files, ["nonce", ...other.slots.map((slot) => `slot-${slot}`)]);
  await untilFree(started.core);
  assertEquals(started.files, ["nonce", ...other.slots.map((slot) => `slot-${slot}`)]);
  const { outputs } = await other.session.call("jobs.run", {
    ...FILL,
    lane: { slot: other.slots[0], offset: 0 },
  });
  assertEquals(other.take(outputs).filled?.at(-1), 2 ** 17 - 1);
});

Deno.test("Core.stop() leaves nothing in the folder", async () => {
  const started = await startLaneCore({ threads: 1 });
  await started.connectLane();
  await started.core.stop();
  assertEquals(started.files, []);
  await started[Symbol.asyncDispose]();
});
