import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import { declare, until, untilFree, untilRunning } from "../handlers/mod.ts";
import { SlowReader } from "./slow_reader.ts";
import { startServer, TOKEN } from "./started_server.ts";

const MIB = 2 ** 20;
const BYTES = 60 * MIB;
const LIMITS = { maxArrayBytes: 64 * MIB, maxSessionBytes: 256 * MIB, maxTotalBytes: 512 * MIB };

const FILL = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "jobs.run",
  params: { operation: "fill", params: { rows: BYTES / 4 }, arrays: "binary" },
});

Deno.test("Outbox does not let a client that does not read block another", async () => {
  await using started = await startServer({ limits: LIMITS });
  const { core } = started.server;
  using slow = await SlowReader.connect(started.host, TOKEN);
  await slow.send(FILL);
  await until(() => core.budget.held === BYTES && core.scheduler.jobs.length === 0, "it is done");
  const other = await started.connect();
  const asked = performance.now();
  for (let turn = 0; turn < 20; turn++) await other.call("server.ping");
  const took = performance.now() - asked;
  assert(took < 1000, `20 pings took ${took} ms`);
  assertEquals(core.budget.held, BYTES, "the answer waits in the memory of its job");
  await slow.read(BYTES);
  await untilFree(core);
});

Deno.test("Outbox lets a client's own ping overtake the answer that it is still sent", async () => {
  await using started = await startServer({ limits: LIMITS });
  const client = await started.connect();
  await client.hello();
  const { outputs } = await client.call("jobs.run", JSON.parse(FILL).params);
  const before = client.chunkIds.length;
  await client.call("server.ping");
  const overtaken = BYTES / MIB - client.chunkIds.length;
  assert(overtaken > 20, `the ping came after ${client.chunkIds.length} chunks, ${before} before`);
  await client.arrays(outputs);
  await untilFree(started.server.core);
});

Deno.test("SocketServer gives back the memory of a client that vanishes", async () => {
  await using started = await startServer({ limits: LIMITS });
  const { core } = started.server;
  {
    using slow = await SlowReader.connect(started.host, TOKEN);
    await slow.send(FILL);
    await until(() => core.budget.held === BYTES && core.scheduler.jobs.length === 0, "it is done");
    await slow.send(JSON.stringify({
      jsonrpc: "2.0",
      id: 2,
      method: "jobs.run",
      params: {
        operation: "echo",
        inputs: { values: declare(1, "uint8", [100, 1]) },
      },
    }));
    await slow.send(
      '{"jsonrpc": "2.0", "id": 3, "method": "jobs.run", "params": {"operation": "spin"}}',
    );
    await untilRunning(core, 1);
    assertEquals(core.sessions.size, 1);
  }
  await until(() => core.sessions.size === 0, "the session has ended");
  await untilFree(core);
});
