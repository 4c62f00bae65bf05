import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import { startCore, StartedCore } from "./mod.ts";

const BROKEN = fileURLToPath(new URL("../broken_operations", import.meta.url));

Deno.test("Core.start() tells each file that is no operation and serves the others", async () => {
  await using started = await startCore({ threads: 1, operations: [BROKEN] });
  const client = started.connect();
  const { operations } = await client.call("operations.list");
  assertEquals(operations.map(({ name }: { name: string }) => name), ["sound"]);
  const run = { operation: "sound", params: { rows: 2 } };
  assertEquals((await client.call("jobs.run", run)).outputs.filled, [0, 1]);
  assertEquals(
    started.logged.map(({ event, level, file }) => ({ event, level, file })),
    ["Wrong-Name.ts", "no_operation.ts", "throws_on_import.ts"].map((file) => ({
      event: "operation-broken",
      level: "error",
      file: join(BROKEN, file),
    })),
  );
  const messages = started.logged.map(({ message }) => message);
  assertEquals(messages.slice(1), [
    `${
      join(BROKEN, "no_operation.ts")
    }: No operation: wanted \`export default defineOperation({...})\``,
    `${join(BROKEN, "throws_on_import.ts")}:1: The library is not there`,
  ]);
});

Deno.test("Core.stop() ends the threads of a core that was never started", async () => {
  const started = new StartedCore({ threads: 2 });
  await started.core.stop();
  assert(started.core.stopping);
});

Deno.test("Core.stop() twice ends once", async () => {
  const started = await startCore({ threads: 1 });
  await Promise.all([started.core.stop(), started.core.stop()]);
  await started.core.stop();
});
