import { assertEquals } from "@std/assert/equals.js";
import type { ErrorCode } from "../../workers/errors.ts";
import { declare, type Json, type Reply, type SessionClient, startCore } from "./mod.ts";
import { assertRefused, assertUnharmed } from "./refusals.ts";

const ID = 7;

/** A frame as docs/protocol.md lays it out, with nothing of the code under test. */
function frame(
  { id = ID, zero = 0, offset = 0n, bytes = 0 }: {
    id?: number;
    zero?: number;
    offset?: bigint;
    bytes?: number;
  },
): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(16 + bytes);
  const header = new DataView(whole.buffer);
  header.setUint32(0, id, true);
  header.setUint32(4, zero, true);
  header.setBigUint64(8, offset, true);
  return whole;
}

/** Asks for an echo of 24 bytes whose bytes are to come as array 7. */
function startEcho(client: SessionClient): Promise<Reply> {
  return client.request("jobs.run", {
    operation: "echo",
    inputs: { values: declare(ID, "uint8", [24, 1]) },
  });
}

interface BadChunks {
  title: string;
  frames: Uint8Array<ArrayBuffer>[];
  code: ErrorCode;
  message: string;
  data: Json;
}

/** Chunks by which the request that declared the array fails. */
const FATAL: BadChunks[] = [
  {
    title: "beyond the end by one byte",
    frames: [frame({ offset: 1n, bytes: 24 })],
    code: "BAD_CHUNK",
    message: "Cannot take a chunk of 'values': it ends at byte 25 of 24",
    data: { array: ID, input: "values", offset: 1 },
  },
  {
    title: "far beyond the end",
    frames: [frame({ offset: 2n ** 60n, bytes: 1 })],
    code: "BAD_CHUNK",
    message: `Cannot take a chunk of 'values': it ends at byte ${2 ** 60} of 24`,
    data: { array: ID, input: "values", offset: 2 ** 60 },
  },
  {
    title: "at the largest offset there is",
    frames: [frame({ offset: 2n ** 64n - 1n, bytes: 8 })],
    code: "BAD_CHUNK",
    message: `Cannot take a chunk of 'values': it ends at byte ${2 ** 64} of 24`,
    data: { array: ID, input: "values", offset: 2 ** 64 },
  },
  {
    title: "the same bytes twice",
    frames: [frame({ bytes: 8 }), frame({ bytes: 8 })],
    code: "BAD_CHUNK",
    message: "Cannot take a chunk of 'values': bytes 0 to 8 overlap what came before",
    data: { array: ID, input: "values", offset: 0 },
  },
  {
    title: "overlapping what comes after",
    frames: [frame({ offset: 8n, bytes: 8 }), frame({ bytes: 9 })],
    code: "BAD_CHUNK",
    message: "Cannot take a chunk of 'values': bytes 0 to 9 overlap what came before",
    data: { array: ID, input: "values", offset: 0 },
  },
  {
    title: "overlapping what comes before",
    frames: [frame({ bytes: 9 }), frame({ offset: 8n, bytes: 8 })],
    code: "BAD_CHUNK",
    message: "Cannot take a chunk of 'values': bytes 8 to 16 overlap what came before",
    data: { array: ID, input: "values", offset: 8 },
  },
  {
    title: "around what came before",
    frames: [frame({ offset: 4n, bytes: 4 }), frame({ bytes: 24 })],
    code: "BAD_CHUNK",
    message: "Cannot take a chunk of 'values': bytes 0 to 24 overlap what came before",
    data: { array: ID, input: "values", offset: 0 },
  },
];

Deno.test("receiveBinary() fails the request whose array gets a bad chunk", async (test) => {
  await using started = await startCore({ threads: 1 });
  for (const { title, frames, ...refusal } of FATAL) {
    await test.step(title, async () => {
      const client = started.connect();
      const answer = startEcho(client);
      for (const each of frames) client.send(each);
      assertRefused(await answer, { run: {}, ...refusal });
      // What the client had under way already is dropped.
      client.send(frame({ offset: 16n, bytes: 8 }));
      await assertUnharmed(client, [ID]);
      assertEquals(client.answersTo(null), []);
    });
  }
});

/** Frames of which no request can be told: they are answered under `null`, and the array goes on. */
const STRAY: BadChunks[] = [
  {
    title: "no bytes at all",
    frames: [new Uint8Array(0)],
    code: "BAD_CHUNK",
    message: "Cannot take the binary frame: " +
      "wanted a header of 16 bytes and at least one byte, got 0 bytes",
    data: {},
  },
  {
    title: "half a header",
    frames: [frame({}).subarray(0, 15)],
    code: "BAD_CHUNK",
    message: "Cannot take the binary frame: " +
      "wanted a header of 16 bytes and at least one byte, got 15 bytes",
    data: {},
  },
  {
    title: "a header and nothing",
    frames: [frame({})],
    code: "BAD_CHUNK",
    message: "Cannot take the binary frame: " +
      "wanted a header of 16 bytes and at least one byte, got 16 bytes",
    data: {},
  },
  {
    title: "a reserved word that is not zero",
    frames: [frame({ zero: 256, bytes: 8 })],
    code: "BAD_CHUNK",
    message: "Cannot take the binary frame: wanted zero in bytes 4 to 7 of its header, got 256",
    data: {},
  },
  {
    title: "an array that nobody declared",
    frames: [frame({ id: 8, bytes: 8 })],
    code: "UNKNOWN_ARRAY",
    message: "Cannot take the chunk: no array 8 is declared",
    data: { array: 8 },
  },
];

Deno.test("receiveBinary() answers stray frames under null and goes on", async (test) => {
  await using started = await startCore({ threads: 1 });
  for (const { title, frames, ...refusal } of STRAY) {
    await test.step(title, async () => {
      const client = started.connect();
      const answer = startEcho(client);
      client.send(frame({ bytes: 12 }));
      for (const each of frames) client.send(each);
      assertRefused(await client.answer(null), { run: {}, ...refusal });
      client.send(frame({ offset: 12n, bytes: 12 }));
      assertEquals((await answer).result.outputs.values.length, 24);
      assertEquals(client.answersTo(null).length, 1);
      await assertUnharmed(client, [ID]);
    });
  }
});

Deno.test("receiveBinary() knows a chunk of an array that has come whole for a stray", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  const answer = startEcho(client);
  client.send(frame({ bytes: 24 }));
  client.send(frame({ bytes: 1 }));
  assertEquals((await client.answer(null)).error?.data, { code: "UNKNOWN_ARRAY", array: ID });
  await answer;
  await assertUnharmed(client);
});

Deno.test("jobs.run refuses an array id that another job still waits for, and drops nothing", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  const first = startEcho(client);
  client.send(frame({ bytes: 12 }));
  assertRefused(await startEcho(client), {
    run: {},
    code: "INVALID_ARRAY",
    message: "Cannot run 'echo': array id 7 of 'values' is in use already",
    data: { input: "values", array: ID },
  });
  client.send(frame({ offset: 12n, bytes: 12 }));
  assertEquals((await first).error, undefined);
  await assertUnharmed(client, [ID]);
});

Deno.test("jobs.run fails when the bytes of an array stop coming", async () => {
  await using started = await startCore({ threads: 1, limits: { arrayTimeoutSeconds: 0.05 } });
  const client = started.connect();
  const answer = startEcho(client);
  client.send(frame({ bytes: 12 }));
  assertRefused(await answer, {
    run: {},
    code: "ARRAY_INCOMPLETE",
    message: "Cannot run: the bytes of 'values' stopped coming for 0.05 s",
    data: { array: ID, input: "values" },
  });
  client.send(frame({ offset: 12n, bytes: 12 }));
  assertEquals(client.answersTo(null), []);
  await assertUnharmed(client, [ID]);
});

Deno.test("jobs.run fails by the first bad array and forgets the others of the job", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  const answer = client.request("jobs.run", {
    operation: "echo",
    inputs: {
      values: declare(ID, "uint8", [24, 1]),
      weights: declare(8, "float32", [24]),
      flags: declare(9, "uint8", [24]),
    },
  });
  client.send(frame({ id: 9, bytes: 24 }));
  client.send(frame({ id: 8, offset: 96n, bytes: 1 }));
  assertEquals((await answer).error?.data.input, "weights");
  for (const id of [ID, 8]) client.send(frame({ id, bytes: 8 }));
  await assertUnharmed(client, [ID, 8, 9]);
  assertEquals(client.answersTo(null), []);
});
