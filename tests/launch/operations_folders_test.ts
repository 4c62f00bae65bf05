import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { join } from "node:path";
import { FlagError } from "../../handlers/launch/flags.ts";
import { operationsFolders, userOperations } from "../../handlers/launch/operations_folders.ts";

Deno.test("operationsFolders() makes the user's folder ready, and leaves what is there", async () => {
  const home = await Deno.makeTempDir({ prefix: "outboard-test-" });
  try {
    const env = (name: string) => ({ HOME: home, INIT_CWD: home })[name];
    const own = join(home, "Outboard", "operations");
    await Deno.mkdir(join(home, "more"));
    const folders = await operationsFolders(env, ["more"]);
    assertEquals(folders.slice(1), [own, join(home, "more")]);
    assertEquals([...Deno.readDirSync(own)].map(({ name }) => name), ["deno.json"]);
    assertEquals([...Deno.readDirSync(join(home, "more"))], []);
    await Deno.writeTextFile(join(own, "deno.json"), "{}");
    await operationsFolders(env, []);
    assertEquals(await Deno.readTextFile(join(own, "deno.json")), "{}");
    await assertRejects(() => operationsFolders(env, ["gone"]), FlagError, "wanted a folder");
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});

Deno.test("userOperations() is in the folder that OUTBOARD_HOME names", () => {
  const env = (name: string) => ({ HOME: "/home/me", OUTBOARD_HOME: "/state" })[name];
  assertEquals(userOperations(env), join("/state", "operations"));
});
