import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { CHUNK_HEADER_BYTES } from "../../handlers/wire/chunk.ts";
import type { TypedArray } from "../../workers/array.ts";
import { chunksOf, declare, type SessionClient, startCore, until, untilFree } from "./mod.ts";
import { assertUnharmed } from "./refusals.ts";

/** Takes several chunks in each direction, and so several slices. */
const ROWS = 1_000_000;
/** Of both outputs. */
const ROW_BYTES = 8 + 4;
const WAIT = -1;
const REFUSE = -2;

/** 0, 1, 2, ... with other values in some rows. */
function values(others: Record<number, number> = {}): Float32Array<ArrayBuffer> {
  const made = Float32Array.from({ length: ROWS }, (_, row) => row);
  for (const [row, value] of Object.entries(others)) made[Number(row)] = value;
  return made;
}

function request(more: Record<string, unknown> = {}) {
  const inputs = { values: declare(1, "float32", [ROWS]) };
  return { operation: "take_rows", inputs, job: "rows", partial: true, ...more };
}

/** The ids of outputs that were declared early, once they are. */
function declaredEarly(client: SessionClient) {
  return client.when(
    () => client.notifications("jobs.partial")[0]?.outputs as ReturnType<typeof declare>,
    "An early declaration",
  );
}

async function connected(started: Awaited<ReturnType<typeof startCore>>) {
  const client = started.connect();
  await client.hello();
  return client;
}

/** The array bytes that have come so far. */
function arrayBytes({ chunkSizes }: SessionClient): number {
  return chunkSizes.reduce((sum, size) => sum + size - CHUNK_HEADER_BYTES, 0);
}

function same(one: TypedArray | undefined, other: TypedArray | undefined): boolean {
  return one !== undefined && one.length === other?.length &&
    one.every((value, at) => value === other[at]);
}

Deno.test("jobs.run sends rows before the last ones have come, where that was asked for", async () => {
  await using started = await startCore({ threads: 2 });
  const client = await connected(started);
  const answer = client.call("jobs.run", request());
  const data = values();
  const chunks = chunksOf(1, data, 2 ** 20);
  for (const chunk of chunks.slice(0, -1)) client.send(chunk);
  const early = await declaredEarly(client);
  assertEquals(Object.keys(early), ["doubled", "rounded"]);
  // Two threads make four slices, and the last one's rows are not there yet.
  const threeSlices = ROWS * 3 / 4 * ROW_BYTES;
  await client.when(() => arrayBytes(client) >= threeSlices || undefined, "Three slices");
  await until(() => started.core.scheduler.counts.running === 0, "no slice runs");
  assertEquals(arrayBytes(client), threeSlices);
  client.send(chunks.at(-1)!);
  const { outputs } = await answer;
  assertEquals(outputs, early, "the answer refers to the same arrays");
  const { doubled, rounded } = await client.arrays(outputs);
  assert(doubled?.every((value, at) => value === data[at >> 1]), "each value twice");
  assert(rounded?.every((value, row) => value === row), "each value once");
  await untilFree(started.core);
  assertEquals(arrayBytes(client), ROWS * ROW_BYTES, "no byte is sent twice");
  assertEquals(client.notifications("jobs.partial").length, 1);
});

Deno.test("jobs.run gives the same rows early as at once, whatever order they come in", async () => {
  await using started = await startCore({ threads: 3 });
  const client = await connected(started);
  const data = values({ 7: 0.25, 999_999: -7.5 });
  const came: Record<string, TypedArray>[] = [];
  for (const partial of [true, false]) {
    const answer = client.call("jobs.run", request({ partial }));
    for (const chunk of chunksOf(1, data, 300_000).reverse()) client.send(chunk);
    came.push(await client.arrays((await answer).outputs));
  }
  assert(same(came[0]?.doubled, came[1]?.doubled));
  assert(same(came[0]?.rounded, came[1]?.rounded));
  assertEquals(client.notifications("jobs.partial").length, 1);
  await untilFree(started.core);
});

Deno.test("a job that fails after rows were sent is answered once, and nothing more of it comes", async () => {
  await using started = await startCore({ threads: 2 });
  const client = await connected(started);
  const answer = client.request("jobs.run", request());
  for (const chunk of chunksOf(1, values({ [ROWS - 9]: REFUSE }), 2 ** 20)) client.send(chunk);
  await declaredEarly(client);
  assertEquals((await answer).error?.message, `Cannot take row ${ROWS - 9}`);
  const chunks = client.chunkIds.length;
  assert(chunks > 0);
  await assertUnharmed(client, [1]);
  assertEquals(client.chunkIds.length, chunks);
  assertEquals(client.answersTo((await answer).id).length, 1);
});

Deno.test("a bad row ends the job while the rows behind it are still to come", async () => {
  await using started = await startCore({ threads: 2 });
  const client = await connected(started);
  const answer = client.request("jobs.run", request());
  const chunks = chunksOf(1, values({ 3: REFUSE }), 2 ** 20);
  client.send(chunks[0]!);
  assertEquals((await answer).error?.message, "Cannot take row 3");
  assertEquals(client.session.incoming.has(1), false, "nobody waits for the rest");
  assertEquals(client.notifications("jobs.partial"), [], "nothing was there to be sent");
  for (const chunk of chunks.slice(1)) client.send(chunk);
  await assertUnharmed(client, [1]);
  assertEquals(client.answersTo(null), [], "the rest is dropped, not complained of");
});

Deno.test("jobs.cancel stops a job that has sent rows, whether it computes or waits for more", async (test) => {
  await using started = await startCore({ threads: 2 });
  for (const waits of ["for rows", "in a row"]) {
    await test.step(waits, async () => {
      const client = await connected(started);
      const answer = client.request("jobs.run", request());
      const chunks = chunksOf(1, values({ [ROWS - 1]: WAIT }), 2 ** 20);
      for (const chunk of waits === "for rows" ? chunks.slice(0, -1) : chunks) client.send(chunk);
      await declaredEarly(client);
      assertEquals(await client.call("jobs.cancel", { job: "rows" }), { cancelled: true });
      assertEquals((await answer).error?.data.code, "CANCELLED");
      const came = client.chunkIds.length;
      await assertUnharmed(client, [1]);
      assertEquals(client.chunkIds.length, came);
    });
  }
});

Deno.test("Session.close() gives the memory of a job back that has sent rows", async () => {
  await using started = await startCore({ threads: 2 });
  const client = await connected(started);
  const id = client.nextId();
  client.send(JSON.stringify({ jsonrpc: "2.0", id, method: "jobs.run", params: request() }));
  for (const chunk of chunksOf(1, values(), 2 ** 20).slice(0, -1)) client.send(chunk);
  await declaredEarly(client);
  client.session.close();
  await untilFree(started.core);
  assertEquals(client.answersTo(id), []);
});

Deno.test("jobs.run with partial wants a name, and leaves JSON and other operations as they are", async () => {
  await using started = await startCore({ threads: 2 });
  const client = await connected(started);
  const { error } = await client.request("jobs.run", { operation: "fill", partial: true });
  assertEquals(error?.data.code, "INVALID_PARAMS");
  const inputs = { values: [1, 2.5] };
  const plain = { operation: "take_rows", inputs, arrays: "json", partial: true, job: "plain" };
  const { outputs } = await client.call("jobs.run", plain);
  assertEquals(outputs, { doubled: [[1, 1], [2.5, 2.5]], rounded: [1, 3] });
  const params = { rows: 200_000 };
  const filled = await client.call("jobs.run", {
    ...{ operation: "fill", params, partial: true, job: "other" },
  });
  assertEquals((await client.arrays(filled.outputs)).filled?.length, params.rows);
  assertEquals(client.notifications("jobs.partial"), []);
  await untilFree(started.core);
});
