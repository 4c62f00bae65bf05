import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertMatch } from "@std/assert/match.js";
import { join } from "node:path";
import { declare, startCore } from "../mod.ts";
import { assertRefused, assertUnharmed } from "../refusals.ts";
import { startLaneCore } from "./lane_client.ts";

const VALUES = new Float32Array(2 ** 15).fill(2);
const SHAPE = [2 ** 15, 1];

Deno.test("session.lane gives slots to whoever has read the nonce, and to nobody else", async () => {
  await using started = await startLaneCore({ threads: 1 });
  const client = started.connect();
  const { lane } = await client.hello();
  assertEquals(lane, { folder: started.folder });
  assertEquals(started.files, ["nonce"]);
  const nonce = await Deno.readTextFile(join(started.folder, "nonce"));
  assertMatch(nonce, /^[0-9a-f]{64}$/);
  for (const wrong of ["", nonce.slice(1), nonce.replace(/^./, (c) => c === "0" ? "1" : "0")]) {
    assertRefused(await client.request("session.lane", { nonce: wrong }), {
      run: {},
      code: "LANE_FAILED",
      message: "Cannot open the lane: wanted the text of the file 'nonce' in its folder, " +
        "got another; send arrays in binary frames",
    });
  }
  assertEquals(started.files, ["nonce"], "nobody has got anything");
  const { slots, slotBytes } = await client.call("session.lane", { nonce });
  assertEquals(slots, [1, 2, 3, 4]);
  assertEquals(slotBytes, 2 * started.core.limits.maxArrayBytes);
  assertEquals(started.files, ["nonce", "slot-1", "slot-2", "slot-3", "slot-4"]);
  const again = await client.request("session.lane", { nonce });
  assertEquals(
    again.error?.message,
    "Cannot open the lane: this session has it already; send arrays in binary frames",
  );
});

Deno.test("the files of the lane are the user's alone", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await using started = await startLaneCore({ threads: 1 });
  await started.connectLane();
  for (const name of started.files) {
    const { mode } = await Deno.stat(join(started.folder, name));
    assertEquals((mode ?? 0) & 0o777, 0o600, name);
  }
});

Deno.test("session.lane refuses clients of other machines, which are not told of it", async () => {
  await using started = await startLaneCore({ threads: 1 });
  const client = started.connect({ local: false });
  assertEquals("lane" in await client.hello(), false);
  const nonce = await Deno.readTextFile(join(started.folder, "nonce"));
  const { error } = await client.request("session.lane", { nonce });
  assertEquals(
    error?.message,
    "Cannot open the lane: it is for clients on this machine; send arrays in binary frames",
  );
  assertEquals(started.files, ["nonce"]);
});

Deno.test("session.lane says so where there is no lane, or no folder for it", async () => {
  for (const laneFolder of [undefined, "/does/not/exist"]) {
    await using started = await startCore({
      threads: 1,
      ...(laneFolder === undefined ? {} : { laneFolder }),
    });
    const client = started.connect();
    assertEquals("lane" in await client.hello(), false);
    const { error } = await client.request("session.lane", { nonce: "" });
    assertEquals(error?.data.code, "LANE_FAILED");
    assertMatch(error?.message ?? "", /this server has none/);
    assertEquals(started.logged.some(({ event }) => event === "no-lane"), laneFolder !== undefined);
  }
});

Deno.test("the slots are bounded over all sessions, and come back when one ends", async () => {
  await using started = await startLaneCore({ threads: 1 });
  const clients = [];
  for (let count = 0; count < 4; count++) clients.push(await started.connectLane());
  assertEquals(started.files.length, 1 + 16);
  const fifth = started.connect();
  const nonce = await Deno.readTextFile(join(started.folder, "nonce"));
  const { error } = await fifth.request("session.lane", { nonce });
  assertEquals(
    error?.message,
    "Cannot open the lane: other sessions have its 16 slots; send arrays in binary frames",
  );
  clients[0]?.session.session.close();
  assertEquals(started.files.length, 1 + 12, "the files of the session are gone");
  const { slots } = await fifth.call("session.lane", { nonce });
  assertEquals(slots, [17, 18, 19, 20], "no number is used twice");
});

Deno.test("jobs.run refuses slots that are not the session's, and places beyond their end", async (test) => {
  await using started = await startLaneCore({ threads: 1 });
  const [other, client] = [await started.connectLane(), await started.connectLane()];
  const without = started.connect();
  await without.hello();
  const at = (slot: number, offset = 0) => ({
    $array: { id: 1, dtype: "float32", shape: SHAPE, lane: { slot, offset } },
  });
  const [foreign = 0] = other.slots;
  const [mine = 0] = client.slots;
  const run = { operation: "echo" };
  const end = client.slotBytes;
  for (
    const { title, params, message } of [
      {
        title: "an input in another session's slot",
        params: { ...run, inputs: { values: at(foreign) } },
        message: "'values': wanted one of this session's slots, 5, 6, 7, 8, got 1",
      },
      {
        title: "an input that ends beyond the slot",
        params: { ...run, inputs: { values: at(mine, end - VALUES.byteLength + 1) } },
        message: `'values': slot 5 has room for ${end} bytes, got ${VALUES.byteLength} at ` +
          `${end - VALUES.byteLength + 1}`,
      },
      {
        title: "outputs into another session's slot",
        params: { operation: "fill", params: { rows: 2 }, lane: { slot: foreign, offset: 0 } },
        message: "its outputs: wanted one of this session's slots, 5, 6, 7, 8, got 1",
      },
      {
        title: "outputs beyond the slot",
        params: { operation: "fill", params: { rows: 2 }, lane: { slot: mine, offset: end + 1 } },
        message: `its outputs: slot 5 has room for ${end} bytes, got 0 at ${end + 1}`,
      },
    ]
  ) {
    await test.step(title, async () => {
      const { error } = await client.session.request("jobs.run", params);
      assertEquals(error?.message, `Cannot run '${params.operation}': ${message}`);
      assertEquals(error?.data.code, "LANE_FAILED");
      await assertUnharmed(client.session, [1]);
    });
  }
  await test.step("a session without a lane", async () => {
    const { error } = await without.request("jobs.run", { ...run, inputs: { values: at(mine) } });
    assertEquals(error?.data.code, "LANE_FAILED");
    assertMatch(error?.message ?? "", /this session has no lane/);
  });
  await test.step("a place that makes no sense", async () => {
    for (
      const lane of [{ slot: mine, offset: -1 }, { slot: "../nonce", offset: 0 }, { slot: 0.5 }, 7]
    ) {
      const { $array } = declare(1, "float32", SHAPE);
      const { error } = await client.session.request("jobs.run", {
        ...run,
        inputs: { values: { $array: { ...$array, lane } } },
      });
      assertEquals(error?.data.code, "INVALID_ARRAY");
    }
    await assertUnharmed(client.session, [1]);
  });
  assert(client.slots.includes(mine));
});
