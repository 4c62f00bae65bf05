import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import { startCore, untilFree } from "./mod.ts";

const LEVELS = 200_000;
const lists = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
const objects = (levels: number) => '{"a":'.repeat(levels) + "1" + "}".repeat(levels);
const call = (method: string, params: string) =>
  `{"jsonrpc": "2.0", "id": 1, "method": "${method}", "params": ${params}}`;

/** Messages that would exhaust the stack of whoever walks them by recursion. */
const DEEP: { title: string; frame: string; id: number | null }[] = [
  { title: "nothing but lists", frame: lists(LEVELS), id: null },
  { title: "nothing but objects", frame: objects(LEVELS), id: null },
  { title: "a method", frame: `{"jsonrpc": "2.0", "id": 1, "method": ${lists(LEVELS)}}`, id: 1 },
  { title: "an id", frame: `{"jsonrpc": "2.0", "id": ${lists(LEVELS)}}`, id: null },
  { title: "a known key", frame: call("server.ping", `{"message": ${lists(LEVELS)}}`), id: 1 },
  { title: "an unknown key", frame: call("server.ping", `{"x": ${objects(LEVELS)}}`), id: 1 },
  {
    title: "a parameter",
    frame: call("jobs.run", `{"operation": "choose", "params": {"form": ${objects(LEVELS)}}}`),
    id: 1,
  },
  {
    title: "an array",
    frame: call("jobs.run", `{"operation": "echo", "inputs": {"values": ${lists(LEVELS)}}}`),
    id: 1,
  },
];

Deno.test("receiveText() refuses messages of hundreds of thousands of levels", async (test) => {
  await using started = await startCore({ threads: 1 });
  for (const { title, frame, id } of DEEP) {
    await test.step(title, async () => {
      const client = started.connect();
      client.send(frame);
      const { error } = await client.answer(id);
      assertEquals(error?.data, { code: "TOO_LARGE", limit: 64 });
      await client.call("server.ping");
    });
  }
  assertEquals(started.logged, []);
});

const LONG = "x".repeat(900_000);

const REPEATED: { title: string; frame: string }[] = [
  { title: "a method", frame: call(LONG, "{}") },
  { title: "an operation", frame: call("jobs.run", `{"operation": "${LONG}"}`) },
  {
    title: "an input's name",
    frame: call("jobs.run", `{"operation": "echo", "inputs": {"${LONG}": 1}}`),
  },
  {
    title: "an element type",
    frame: call(
      "jobs.run",
      `{"operation": "echo", "inputs": ` +
        `{"values": {"$array": {"id": 1, "dtype": "${LONG}", "shape": [1, 1]}}}}`,
    ),
  },
  {
    title: "a number that is none",
    frame: call("jobs.run", `{"operation": "echo", "inputs": {"values": ["${LONG}"]}}`),
  },
  { title: "a message", frame: call("server.ping", `{"message": "${LONG}"}`) },
];

Deno.test("receiveText() does not repeat long texts to who sent them", async (test) => {
  await using started = await startCore({ threads: 1 });
  for (const { title, frame } of REPEATED) {
    await test.step(title, async () => {
      const client = started.connect();
      client.send(frame);
      const reply = await client.answer(1);
      assert(reply.error !== undefined);
      assert(JSON.stringify(reply).length < 1000, JSON.stringify(reply).slice(0, 1000));
    });
  }
});

Deno.test("receiveText() is not led astray by names that every object knows", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  const frames = [
    call("jobs.run", '{"operation": "choose", "params": {"__proto__": {"seed": 1}, "seed": 2}}'),
    call("jobs.run", '{"operation": "echo", "inputs": {"__proto__": {"values": [[1]]}}}'),
    call("jobs.run", '{"operation": "echo", "inputs": {"constructor": [[1]], "values": [[1]]}}'),
    '{"jsonrpc": "2.0", "id": 1, "__proto__": {"method": "server.ping"}}',
  ];
  for (const [index, frame] of frames.entries()) {
    client.send(frame);
    await client.when(
      () => client.answersTo(1).length === index + 1 ? true : undefined,
      `The answer to ${frame}`,
    );
  }
  const codes = client.answersTo(1).map(({ error }) => error?.data.code);
  assertEquals(codes.slice(1), ["INVALID_ARRAY", "INVALID_ARRAY", "INVALID_REQUEST"]);
  assertEquals(({} as Record<string, unknown>).seed, undefined);
  await untilFree(started.core);
});
