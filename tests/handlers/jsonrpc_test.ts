import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import type { Json, SessionClient } from "./mod.ts";
import { startCore, untilFree } from "./mod.ts";

const PING = { jsonrpc: "2.0", method: "server.ping" };

/** What comes back for `frame`: everything up to the answer of a ping that is sent after it. */
async function answersTo(client: SessionClient, frame: string): Promise<Json[]> {
  const before = client.messages.length;
  client.send(frame);
  await untilFree(client.session.core);
  await client.call("server.ping");
  return client.messages.slice(before, -1);
}

/** An answer with what the tests compare: `{id, code}` or `{id, result: true}`. */
function inShort(reply: Json): Json {
  if (Array.isArray(reply)) return reply.map(inShort);
  const { id, error } = reply;
  assertEquals(reply.jsonrpc, "2.0");
  assert(("result" in reply) !== ("error" in reply), "a reply has a result or an error, not both");
  return error === undefined ? { id, result: true } : { id, code: error.code };
}

/** The examples of the specification's section 7, with a method of ours where theirs succeed. */
const SPECIFICATION: { title: string; frame: string; answers: Json[] }[] = [
  {
    title: "a call with named parameters",
    frame: '{"jsonrpc": "2.0", "method": "server.ping", "params": {"message": "m"}, "id": 3}',
    answers: [{ id: 3, result: true }],
  },
  {
    title: "a call with positional parameters: ours are named",
    frame: '{"jsonrpc": "2.0", "method": "server.ping", "params": [42, 23], "id": 1}',
    answers: [{ id: 1, code: -32602 }],
  },
  {
    title: "a notification",
    frame: '{"jsonrpc": "2.0", "method": "server.ping", "params": {}}',
    answers: [],
  },
  {
    title: "a notification of an unknown method",
    frame: '{"jsonrpc": "2.0", "method": "foobar"}',
    answers: [],
  },
  {
    title: "a call of an unknown method",
    frame: '{"jsonrpc": "2.0", "method": "foobar", "id": "1"}',
    answers: [{ id: "1", code: -32601 }],
  },
  {
    title: "invalid JSON",
    frame: '{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]',
    answers: [{ id: null, code: -32700 }],
  },
  {
    title: "an invalid request",
    frame: '{"jsonrpc": "2.0", "method": 1, "params": "bar"}',
    answers: [{ id: null, code: -32600 }],
  },
  {
    title: "a batch that is invalid JSON",
    frame:
      '[{"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"}, {"jsonrpc": "2.0", "method"]',
    answers: [{ id: null, code: -32700 }],
  },
  { title: "an empty batch", frame: "[]", answers: [{ id: null, code: -32600 }] },
  {
    title: "an invalid batch that is not empty",
    frame: "[1]",
    answers: [[{ id: null, code: -32600 }]],
  },
  {
    title: "an invalid batch of three",
    frame: "[1,2,3]",
    answers: [[
      { id: null, code: -32600 },
      { id: null, code: -32600 },
      { id: null, code: -32600 },
    ]],
  },
  {
    title: "a batch of everything",
    frame: JSON.stringify([
      { ...PING, id: "1" },
      { ...PING, params: { message: "notified" } },
      { ...PING, id: "2" },
      { foo: "boo" },
      { jsonrpc: "2.0", method: "foo.get", params: { name: "myself" }, id: "5" },
      { jsonrpc: "2.0", method: "operations.list", id: "9" },
    ]),
    answers: [[
      { id: "1", result: true },
      { id: "2", result: true },
      { id: null, code: -32600 },
      { id: "5", code: -32601 },
      { id: "9", result: true },
    ]],
  },
  {
    title: "a batch of notifications only",
    frame: JSON.stringify([{ ...PING }, { ...PING, params: { unknown: 1 } }]),
    answers: [],
  },
];

Deno.test("receiveText() answers the examples of JSON-RPC's specification", async (test) => {
  await using started = await startCore({ threads: 1 });
  for (const { title, frame, answers } of SPECIFICATION) {
    await test.step(title, async () => {
      const client = started.connect();
      assertEquals((await answersTo(client, frame)).map(inShort), answers);
    });
  }
});

const IDS: { sent: string; answered: Json; code?: number }[] = [
  { sent: "7", answered: 7 },
  { sent: "-1.5", answered: -1.5 },
  { sent: "0", answered: 0 },
  { sent: '""', answered: "" },
  { sent: '"a \\u0000 b"', answered: "a \0 b" },
  { sent: "null", answered: null },
  { sent: "true", answered: null, code: -32600 },
  { sent: "{}", answered: null, code: -32600 },
  { sent: "[1]", answered: null, code: -32600 },
  { sent: "1e999", answered: null, code: -32600 },
];

Deno.test("receiveText() answers under the id that came", async (test) => {
  await using started = await startCore({ threads: 1 });
  for (const { sent, answered, code } of IDS) {
    await test.step(`an id of ${sent}`, async () => {
      const client = started.connect();
      const frame = `{"jsonrpc": "2.0", "method": "server.ping", "id": ${sent}}`;
      const wanted = code === undefined ? { id: answered, result: true } : { id: answered, code };
      assertEquals((await answersTo(client, frame)).map(inShort), [wanted]);
    });
  }
});

const INVALID: { title: string; message: Json; id: Json; says: string }[] = [
  { title: "a number", message: 1, id: null, says: "the value" },
  { title: "null", message: null, id: null, says: "the value" },
  { title: "an empty object", message: {}, id: null, says: "'jsonrpc' must be" },
  {
    title: "the wrong version",
    message: { ...PING, jsonrpc: "1.0", id: 4 },
    id: 4,
    says: `'jsonrpc' must be "2.0", got "1.0"`,
  },
  { title: "no method", message: { jsonrpc: "2.0", id: "x" }, id: "x", says: "'method' must be" },
  {
    title: "parameters that are no object",
    message: { ...PING, id: 5, params: "text" },
    id: 5,
    says: "'params'",
  },
  { title: "null parameters", message: { ...PING, id: 6, params: null }, id: 6, says: "'params'" },
  {
    title: "an answer instead of a request",
    message: { jsonrpc: "2.0", id: 7, result: {} },
    id: 7,
    says: "'method' must be",
  },
];

Deno.test("receiveText() says what is wrong with a message that is no request", async (test) => {
  await using started = await startCore({ threads: 1 });
  for (const { title, message, id, says } of INVALID) {
    await test.step(title, async () => {
      const client = started.connect();
      const [reply] = await answersTo(client, JSON.stringify(message));
      assertEquals(reply.id, id);
      assertEquals(reply.error.data.code, "INVALID_REQUEST");
      assert(reply.error.message.includes(says), reply.error.message);
      assert(reply.error.data.issues.length > 0);
    });
  }
});

Deno.test("receiveText() says where malformed JSON goes wrong", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  const [reply] = await answersTo(client, '{"jsonrpc": "2.0", "id": 1 "method": "x"}');
  assertEquals(reply.error.data, { code: "PARSE_ERROR" });
  assert(reply.error.message.includes("position 27"), reply.error.message);
});

Deno.test("receiveText() answers a batch with two jobs once, when both are done", async () => {
  await using started = await startCore();
  const client = started.connect();
  await client.hello();
  const job = (id: number, rows: number) => ({
    jsonrpc: "2.0",
    id,
    method: "jobs.run",
    params: { operation: "fill", params: { rows } },
  });
  client.send(JSON.stringify([job(1, 2), job(2, 3), { ...PING, id: 3 }]));
  const batch = await client.nextMessage();
  assertEquals(batch.map(inShort), [
    { id: 1, result: true },
    { id: 2, result: true },
    { id: 3, result: true },
  ]);
  const [first, second] = batch.map(({ result }: Json) => result.outputs);
  assertEquals((await client.arrays(first)).filled, new Uint32Array([0, 1]));
  assertEquals((await client.arrays(second)).filled, new Uint32Array([0, 1, 2]));
  await untilFree(started.core);
});

Deno.test("receiveText() refuses a batch over the limit with one answer", async () => {
  await using started = await startCore({ threads: 1, limits: { maxBatch: 3 } });
  const client = started.connect();
  const batch = (count: number) => JSON.stringify(Array(count).fill({ ...PING, id: 1 }));
  const [fits] = await answersTo(client, batch(3));
  assertEquals(fits.length, 3);
  const [refused] = await answersTo(client, batch(4));
  assertEquals(refused.id, null);
  assertEquals(refused.error.data, { code: "TOO_LARGE", limit: 3, came: 4 });
});

Deno.test("receiveText() runs a job that nobody wants answered, and keeps nothing of it", async () => {
  await using started = await startCore();
  const client = started.connect();
  await client.hello();
  const run = (params: Json) => JSON.stringify({ jsonrpc: "2.0", method: "jobs.run", params });
  assertEquals(await answersTo(client, run({ operation: "fill", params: { rows: 9 } })), []);
  assertEquals(await answersTo(client, run({ operation: "fail", params: { how: "late" } })), []);
  assertEquals(await answersTo(client, run({ operation: "nothing" })), []);
  assertEquals(client.chunkIds, []);
});
