import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import { encodeChunk } from "../../handlers/wire/chunk.ts";
import { declare, until, untilFree, untilRunning } from "../handlers/mod.ts";
import { HANDSHAKE, sendRaw } from "./raw_http.ts";
import { startServer, TOKEN } from "./started_server.ts";

const MIB = 2 ** 20;

const SUBPROTOCOLS: { offered: string[]; chosen: string }[] = [
  { offered: [], chosen: "" },
  { offered: ["outboard.v1"], chosen: "outboard.v1" },
  { offered: ["outboard.v2", "outboard.v1"], chosen: "outboard.v1" },
];

Deno.test("upgrade() speaks outboard.v1, offered or not", async (test) => {
  await using started = await startServer({ threads: 1 });
  for (const { offered, chosen } of SUBPROTOCOLS) {
    await test.step(offered.join(", "), async () => {
      const client = await started.connect(offered);
      assertEquals(client.socket.protocol, chosen);
      await client.hello();
    });
  }
});

Deno.test("upgrade() refuses other subprotocols with a sentence", async () => {
  await using started = await startServer({ threads: 1 });
  const { status, body } = await sendRaw(started.host, [
    `GET /ws?token=${TOKEN} HTTP/1.1`,
    `Host: ${started.host}`,
    "Sec-WebSocket-Protocol: outboard.v2, soap",
    ...HANDSHAKE,
  ]);
  assertEquals(status, 400);
  assertEquals(JSON.parse(body).error, {
    code: "BAD_REQUEST",
    message: "This server speaks the subprotocol 'outboard.v1', got 'outboard.v2, soap'",
  });
});

const TOO_BIG: { title: string; frame: string | Uint8Array<ArrayBuffer>; reason: string }[] = [
  {
    title: "a text of one byte more",
    frame: `"${"x".repeat(MIB - 1)}"`,
    reason: "a frame may have 1048576 bytes, got 1048577",
  },
  {
    title: "a text of fewer characters but more bytes",
    frame: `"${"é".repeat(MIB / 2)}"`,
    reason: "a frame may have 1048576 bytes, got 1048578",
  },
  {
    title: "a binary frame of one byte more",
    frame: encodeChunk(1, 0, new Uint8Array(MIB + 1)),
    reason: "a frame may have 1048592 bytes, got 1048593",
  },
];

Deno.test("SocketServer closes with 1009 on a frame over its limit, and frees the session", async (test) => {
  await using started = await startServer();
  for (const { title, frame, reason } of TOO_BIG) {
    await test.step(title, async () => {
      const client = await started.connect();
      client.notify("jobs.run", { operation: "spin" });
      await untilRunning(started.server.core, 1);
      client.send(frame);
      const { code, reason: came } = await client.closed;
      assertEquals(code, 1009);
      assertEquals(came, reason);
      assertEquals(started.server.core.sessions.size, 0);
      await untilFree(started.server.core);
    });
  }
});

Deno.test("SocketServer takes frames of exactly the limit", async () => {
  await using started = await startServer();
  const client = await started.connect();
  await client.hello();
  const text = '{"jsonrpc": "2.0", "id": 1, "method": "server.ping"}';
  client.send(text + " ".repeat(MIB - text.length));
  assert((await client.answer(1)).error === undefined);
  const values = new Uint8Array(2 * MIB).map((_, index) => index % 251);
  const answer = client.call("jobs.run", {
    operation: "echo",
    inputs: { values: declare(1, "uint8", [2 * MIB, 1]) },
  });
  client.sendArray(1, values, MIB);
  const arrays = await client.arrays((await answer).outputs);
  assertEquals(client.chunkSizes, [MIB + 16, MIB + 16]);
  assert(arrays.values?.every((value, index) => value === index % 251));
  await untilFree(started.server.core);
});

Deno.test("SocketServer serves thirty-two connections and tells the next to come back", async () => {
  await using started = await startServer({ threads: 1 });
  const clients = [];
  for (let index = 0; index < 32; index++) clients.push(await started.connect());
  const lines = [`GET /ws?token=${TOKEN} HTTP/1.1`, `Host: ${started.host}`, ...HANDSHAKE];
  const refused = await sendRaw(started.host, lines);
  assertEquals(refused.status, 503);
  assertEquals(refused.headers.get("retry-after"), "1");
  assertEquals(JSON.parse(refused.body).error, {
    code: "BUSY",
    message: "This server serves 32 connections at a time",
  });
  assertEquals(await started.fetch("/healthz").then((answer) => answer.text()), "ok\n");
  const [first] = clients;
  first?.socket.close();
  await first?.closed;
  const again = await started.connect();
  await again.hello();
});

Deno.test("stop() answers unfinished jobs as cancelled and closes with 1001", async () => {
  const started = await startServer();
  const client = await started.connect();
  const idle = await started.connect();
  const spin = client.request("jobs.run", { operation: "spin" });
  const upload = client.request("jobs.run", {
    operation: "echo",
    inputs: { values: declare(1, "uint8", [8, 1]) },
  });
  const { core } = started.server;
  const unfinished = () => [...core.sessions].reduce((sum, { jobs }) => sum + jobs.size, 0);
  await until(() => unfinished() === 2, "two jobs are unfinished");
  const asked = performance.now();
  await started.server.stop();
  const took = performance.now() - asked;
  for (const { error } of await Promise.all([spin, upload])) {
    assertEquals(error?.data.code, "CANCELLED");
    assertEquals(error?.message, "The server is shutting down");
  }
  for (const { closed } of [client, idle]) {
    const { code, reason } = await closed;
    assertEquals(code, 1001);
    assertEquals(reason, "The server is shutting down");
  }
  assert(took < 2000, `${took} ms`);
  assertEquals(core.budget.held, 0);
});

Deno.test("stop() lets answers that are on their way arrive", async () => {
  const started = await startServer({ limits: { maxArrayBytes: 32 * MIB } });
  const client = await started.connect();
  await client.hello();
  const rows = 4 * MIB;
  const { outputs } = await client.call("jobs.run", { operation: "fill", params: { rows } });
  const stopped = started.server.stop();
  const { filled } = await client.arrays(outputs);
  assertEquals(filled?.length, rows);
  assertEquals(filled?.at(-1), rows - 1);
  await stopped;
  assertEquals((await client.closed).code, 1001);
});
