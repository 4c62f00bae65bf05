import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CircularImportError, MissingImportError, SnapshotStore } from "../../workers/snapshot.ts";

/** A folder of modules, gone after the test. */
async function withModules(
  modules: Record<string, string>,
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "outboard-test-" });
  try {
    for (const [name, text] of Object.entries(modules)) {
      await Deno.mkdir(join(folder, name, ".."), { recursive: true });
      await Deno.writeTextFile(join(folder, name), text);
    }
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function url(folder: string, name: string): URL {
  return pathToFileURL(join(folder, name));
}

Deno.test("SnapshotStore.take() keeps a module as it was, with all that it imports", () =>
  withModules({
    "main.ts": `import { two } from "./lib/two.ts";\nexport const value: number = two * 2;`,
    "lib/two.ts": `export { two } from "../more.js";`,
    "more.js": `export const two = 2;`,
  }, async (folder) => {
    const store = new SnapshotStore();
    const before = await store.take(url(folder, "main.ts"));
    assertEquals(before.files.map((file) => file.slice(folder.length + 1)), [
      "main.ts",
      join("lib", "two.ts"),
      "more.js",
    ]);
    await Deno.writeTextFile(join(folder, "more.js"), `export const two = 200;`);
    assertEquals((await import(before.url)).value, 4);
    const after = await store.take(url(folder, "main.ts"));
    assert(after.url !== before.url);
    assertEquals((await import(after.url)).value, 400);
    assertEquals((await import(before.url)).value, 4);
  }));

Deno.test("SnapshotStore.take() gives the same URL for the same content", () =>
  withModules({ "main.ts": `export default 1;` }, async (folder) => {
    const store = new SnapshotStore();
    const first = await store.take(url(folder, "main.ts"));
    await Deno.writeTextFile(join(folder, "main.ts"), `export default 2;`);
    const second = await store.take(url(folder, "main.ts"));
    await Deno.writeTextFile(join(folder, "main.ts"), `export default 1;`);
    assertEquals((await store.take(url(folder, "main.ts"))).url, first.url);
    assert(second.url !== first.url);
  }));

Deno.test("SnapshotStore.take() leaves comments, texts and packages alone", () =>
  withModules({
    "main.ts": [
      `// import "./missing_1.ts";`,
      `/* from "./missing_2.ts" */`,
      `import { z } from "zod";`,
      'export const text = `from "./missing_3.ts"`;',
      `export const quoted = 'import "./missing_4.ts"';`,
      `export const known = typeof z.object;`,
    ].join("\n"),
  }, async (folder) => {
    const { url: frozen, files } = await new SnapshotStore().take(url(folder, "main.ts"));
    assertEquals(files.length, 1);
    const { text, quoted, known } = await import(frozen);
    assertEquals([text, quoted, known], [
      `from "./missing_3.ts"`,
      `import "./missing_4.ts"`,
      "function",
    ]);
  }));

Deno.test("SnapshotStore.take() tells a module where its file is", () =>
  withModules({
    "main.ts": `export const place = [import.meta.url, import.meta.filename, import.meta.dirname];`,
  }, async (folder) => {
    const file = url(folder, "main.ts");
    const { place } = await import((await new SnapshotStore().take(file)).url);
    assertEquals(place, [file.href, join(folder, "main.ts"), folder]);
  }));

Deno.test("SnapshotStore.thaw() names the file and the line of an exception", () =>
  withModules({
    "main.ts": `import { fail } from "./fail.ts";\nexport default fail;`,
    "fail.ts": `interface Unused {\n  a: number;\n}\nexport function fail(): never {\n` +
      `  throw new Error("Broken");\n}`,
  }, async (folder) => {
    const store = new SnapshotStore();
    const { default: fail } = await import((await store.take(url(folder, "main.ts"))).url);
    const error = await assertRejects(() => Promise.resolve().then(fail), Error, "Broken") as Error;
    assert(store.thaw(error.stack ?? "").includes(`${join(folder, "fail.ts")}:5:`), error.stack);
    assertEquals(store.placeIn(error.stack ?? ""), { file: join(folder, "fail.ts"), line: 5 });
    assertEquals(store.placeIn("at blob:null/0-0:1 and file:///main.ts:2"), undefined);
  }));

Deno.test("SnapshotStore.take() tells where a module is imported that is not there", () =>
  withModules({
    "main.ts": `import "./shared.ts";`,
    "shared.ts": `// The first line\nimport "./gone.ts";`,
  }, async (folder) => {
    const error = await assertRejects(
      () => new SnapshotStore().take(url(folder, "main.ts")),
      MissingImportError,
      "Cannot import './gone.ts': there is no such file",
    ) as MissingImportError;
    assertEquals(error.place, { file: join(folder, "shared.ts"), line: 2 });
  }));

Deno.test("SnapshotStore.take() refuses modules that import each other, naming the way round", () =>
  withModules({
    "a.ts": `import "./b.ts";`,
    "b.ts": `import "./a.ts";`,
  }, async (folder) => {
    const error = await assertRejects(
      () => new SnapshotStore().take(url(folder, "a.ts")),
      CircularImportError,
    ) as Error;
    assert(/a\.ts -> .*b\.ts -> .*a\.ts$/.test(error.message), error.message);
  }));

Deno.test("SnapshotStore.take() shares the modules that tell classes apart", async () => {
  const { url: frozen } = await new SnapshotStore().take(
    new URL("../operations/fail.ts", import.meta.url),
  );
  const text = await (await fetch(frozen)).text();
  assert(text.includes(new URL("../../workers/errors.ts", import.meta.url).href), text);
});
