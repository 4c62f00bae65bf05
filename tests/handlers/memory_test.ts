import { assertEquals } from "@std/assert/equals.js";
import { startCore, untilFree } from "./mod.ts";

Deno.test("jobs.run puts the arrays of a job into one WebAssembly memory, aligned, whatever their sizes", async (test) => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  for (const n of [0, 1, 17, 5000]) {
    await test.step(`${n} bytes each`, async () => {
      const values = new Array(n).fill(1);
      const { outputs } = await client.call("jobs.run", {
        operation: "look_at_memory",
        inputs: { first: values, second: values },
      });
      assertEquals(outputs.seen, [1, 1, 1]);
      await untilFree(started.core);
    });
  }
});
