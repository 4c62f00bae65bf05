import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ModuleSources } from "../../workers/module_source.ts";
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

const ADOPTED = {
  "main.ts": `import { two } from "./two.ts";\nexport const value: number = two * 2;`,
  "other.ts": `import { two } from "./two.ts";\nexport const value: number = two * 3;`,
  "two.ts": `export const two = 2;`,
};

Deno.test("SnapshotStore.adopt() takes the files themselves, until one of them changes", () =>
  withModules(ADOPTED, async (folder) => {
    const store = new SnapshotStore();
    const main = url(folder, "main.ts");
    const first = await store.adopt(main);
    assertEquals(first.url, main.href);
    assertEquals(first.files, [join(folder, "main.ts"), join(folder, "two.ts")]);
    assertEquals((await store.take(main)).url, main.href);
    await Deno.writeTextFile(join(folder, "two.ts"), `export const two = 200;`);
    const changed = await store.take(main);
    assert(changed.url !== main.href);
    assertEquals((await import(changed.url)).value, 400);
    // A thread may have imported the file while it was different.
    await Deno.writeTextFile(join(folder, "two.ts"), ADOPTED["two.ts"]);
    const restored = await store.take(main);
    assert(restored.url !== main.href && restored.url !== changed.url);
    assertEquals((await import(restored.url)).value, 4);
  }));

Deno.test("SnapshotStore.keep() gives an adopted module as it was, whatever became of the files", () =>
  withModules(ADOPTED, async (folder) => {
    const store = new SnapshotStore();
    const { url: adopted } = await store.adopt(url(folder, "main.ts"));
    await Deno.writeTextFile(join(folder, "main.ts"), `export const value = ;`);
    await Deno.remove(join(folder, "two.ts"));
    const kept = await store.keep(adopted);
    assertEquals((await import(kept)).value, 4);
    assertEquals(await store.keep(kept), kept);
  }));

Deno.test("SnapshotStore.placeIn() and thaw() know adopted modules, and only those", () =>
  withModules(
    { ...ADOPTED, "a b/fail.ts": "export default () => {\n  throw new Error();\n};" },
    async (folder) => {
      const store = new SnapshotStore();
      const { url: adopted } = await store.adopt(url(folder, "a b/fail.ts"));
      const { default: fail } = await import(adopted);
      const error = await assertRejects(() => Promise.resolve().then(fail), Error) as Error;
      const stack = error.stack ?? "";
      assertEquals(store.placeIn(stack), { file: join(folder, "a b", "fail.ts"), line: 2 });
      assert(store.thaw(stack).includes(`${join(folder, "a b", "fail.ts")}:2:`), store.thaw(stack));
      assertEquals(store.placeIn(`at ${url(folder, "two.ts").href}:1:1`), undefined);
      assert(store.thaw(stack).includes(import.meta.url), store.thaw(stack));
    },
  ));

Deno.test("ModuleSources reads a file once, however many modules import it", () =>
  withModules(ADOPTED, async (folder) => {
    const [store, sources] = [new SnapshotStore(), new ModuleSources()];
    await store.take(url(folder, "main.ts"), sources);
    await Deno.remove(join(folder, "two.ts"));
    const { url: other } = await store.take(url(folder, "other.ts"), sources);
    assertEquals((await import(other)).value, 6);
  }));
