import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { join } from "node:path";
import { OWN_OPERATIONS, startCore } from "./mod.ts";

interface Listed {
  operations: { name: string }[];
  failures: { name: string; reason: string }[];
}

const REASON = "The file takes longer than 5 s to load";

Deno.test("a file that never ends loading is told, at the start and later; all others run", async () => {
  const folder = await Deno.makeTempDir({ prefix: "outboard-test-" });
  try {
    await Deno.writeTextFile(join(folder, "endless.ts"), "for (;;);");
    await using started = await startCore({ threads: 1, operations: [...OWN_OPERATIONS, folder] });
    const client = started.connect();
    await client.hello();
    const list = () => client.call("operations.list", {}) as unknown as Promise<Listed>;
    const run = () =>
      client.call("jobs.run", { operation: "random_vectors", params: {}, arrays: "json" });
    const { operations, failures } = await list();
    assert(operations.some(({ name }) => name === "random_vectors"));
    assertEquals(failures.map(({ name, reason }) => [name, reason]), [["endless", REASON]]);
    await run();
    await Deno.writeTextFile(join(folder, "forever.ts"), "while (true);");
    // Jobs run while the file is being loaded: it has a thread to itself.
    const changed = client.when(
      () => client.notifications("operations.changed")[0],
      "A change of the catalogue",
    );
    await run();
    assertEquals(client.notifications("operations.changed"), []);
    await changed;
    assertEquals((await list()).failures.map(({ name }) => name), ["endless", "forever"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
