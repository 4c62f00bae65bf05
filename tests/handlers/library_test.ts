import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertMatch } from "@std/assert/match.js";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { LoadFailure } from "../../handlers/library.ts";
import { OWN_OPERATIONS, startCore } from "./mod.ts";

const OPERATION = `import { defineOperation, OperationError, z } from "outboard";
import { FACTOR } from "./_factor.ts";
export default defineOperation({
  title: "Times",
  description: "Multiplies.",
  params: z.strictObject({ by: z.number().max(10).default(1) }),
  inputs: { values: { kind: "scalars", dtype: "float64", shape: ["n"] } },
  outputs: { values: { kind: "scalars", dtype: "float64", shape: ["n"] } },
  *run({ params: { by }, inputs, allocate }) {
    if (by === 7) throw new OperationError("Seven is too many");
    yield 0.5;
    allocate("values").data.set(inputs.values.data.map((value) => value * by * FACTOR));
  },
});
`;

type Started = Awaited<ReturnType<typeof startCore>>;
type Client = ReturnType<Started["connect"]>;

/**
 * A core that follows a folder of its own, with one client that has said hello.
 *
 * @param present What is in the folder at the start, by name
 */
async function withFolder(
  test: (tools: {
    folder: string;
    client: Client;
    save: Save;
    changed: () => Promise<void>;
    said: () => (string | undefined)[];
    core: Started["core"];
  }) => Promise<void>,
  present: Record<string, string> = {},
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "outboard-test-" });
  try {
    for (const [name, text] of Object.entries(present)) {
      await Deno.writeTextFile(join(folder, name), text);
    }
    await using started = await startCore({ threads: 1, operations: [...OWN_OPERATIONS, folder] });
    const client = started.connect();
    await client.hello();
    const save = (name: string, text: string) => Deno.writeTextFile(join(folder, name), text);
    let seen = 0;
    const changed = async (): Promise<void> => {
      const count = () => client.notifications("operations.changed").length;
      await client.when(() => count() > seen ? true : undefined, "A change of the catalogue");
      seen = count();
    };
    /** What the terminal shows of files, from the beginning. */
    const said = () =>
      started.logged.filter(({ file }) => file !== undefined)
        .map(({ message }) => message?.replaceAll(`${folder}/`, ""));
    await test({ folder, client, save, changed, said, core: started.core });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

type Save = (name: string, text: string) => Promise<void>;

interface Listed {
  operations: { name: string; params: { properties: { by: { maximum: number } } } }[];
  failures: LoadFailure[];
}

async function list(client: Client): Promise<Listed> {
  return await client.call("operations.list", {}) as unknown as Listed;
}

async function times(client: Client, by: number): Promise<unknown> {
  const { outputs } = await client.call("jobs.run", {
    operation: "times",
    params: { by },
    inputs: { values: [1, 2] },
    arrays: "json",
  }) as { outputs: { values: unknown } };
  return outputs.values;
}

Deno.test("a saved file becomes an operation, and what it imports is followed too", () =>
  withFolder(async ({ client, save, changed }) => {
    await save("_factor.ts", "export const FACTOR: number = 1;");
    await save("times.ts", OPERATION);
    await changed();
    assertEquals(await times(client, 3), [3, 6]);
    await save("_factor.ts", "export const FACTOR: number = 100;");
    await changed();
    assertEquals(await times(client, 3), [300, 600]);
  }));

const PRESENT = { "_factor.ts": "export const FACTOR: number = 1;", "times.ts": OPERATION };

Deno.test("what is there at the start is imported as it stands, and its changes are followed", () =>
  withFolder(async ({ folder, client, save, changed, core }) => {
    const moduleOf = (name: string) => core.catalogue.find(name)?.entry.module;
    // Deno's cache would keep a copy of every module under another name, start by start.
    assertEquals(moduleOf("times"), pathToFileURL(join(folder, "times.ts")).href);
    const own = join(OWN_OPERATIONS[0] as string, "random_vectors.ts");
    assertEquals(moduleOf("random_vectors"), pathToFileURL(own).href);
    assertEquals(await times(client, 3), [3, 6]);
    await save("_factor.ts", "export const FACTOR: number = 100;");
    await changed();
    assertEquals(await times(client, 3), [300, 600]);
    await save("_factor.ts", PRESENT["_factor.ts"]);
    await changed();
    assertEquals(await times(client, 3), [3, 6]);
  }, PRESENT));

const LEAVE = `import { defineOperation, z } from "outboard";
export default defineOperation({
  title: "Leave",
  description: "Ends its own thread.",
  params: z.strictObject({}),
  inputs: {},
  outputs: {},
  run: () => Deno.exit(3),
});
`;

Deno.test("the version from the start stays when its file breaks, even for a thread that starts later", () =>
  withFolder(async ({ client, save, changed, core }) => {
    await save("_factor.ts", "export const FACTOR: number = ;");
    await changed();
    assertEquals((await list(client)).failures.map(({ kept }) => kept), [true]);
    assertEquals(await times(client, 3), [3, 6]);
    const { error } = await client.request("jobs.run", { operation: "leave" });
    assertEquals(error?.data.code, "THREAD_DIED");
    assertEquals(core.scheduler.pool.size, 1);
    assertEquals(await times(client, 3), [3, 6]);
  }, { ...PRESENT, "leave.ts": LEAVE }));

Deno.test("a changed schema is in the catalogue, a removed file is gone from it", () =>
  withFolder(async ({ folder, client, save, changed }) => {
    await save("_factor.ts", "export const FACTOR: number = 1;");
    await save("times.ts", OPERATION);
    await changed();
    await save("times.ts", OPERATION.replace("max(10)", "max(20)"));
    await changed();
    const { operations } = await list(client);
    const found = operations.find(({ name }) => name === "times");
    assertEquals(found?.params.properties.by.maximum, 20);
    await Deno.remove(join(folder, "times.ts"));
    await changed();
    const left = (await list(client)).operations.map(({ name }) => name);
    assert(!left.includes("times") && left.includes("random_vectors"));
  }));

const BROKEN: [string, string, number | undefined, string][] = [
  ["does not parse", OPERATION.replace("*run(", "*run(("), 9, "expected"],
  ["throws", `null!.x;\n${OPERATION}`, 1, "Cannot read properties of null"],
  ["exports nothing", "export const nothing = 0;", undefined, "No operation"],
  ["imports what is not there", `import "./gone.ts";\n${OPERATION}`, 1, "gone.ts"],
];

for (const [what, text, line, reason] of BROKEN) {
  Deno.test(`a file that ${what} is told with its place; the version before it stays`, () =>
    withFolder(async ({ client, save, changed }) => {
      await save("_factor.ts", "export const FACTOR: number = 1;");
      await save("times.ts", OPERATION);
      await changed();
      await save("times.ts", text);
      await changed();
      const [failure] = (await list(client)).failures;
      assertEquals([failure?.name, failure?.line, failure?.kept], ["times", line, true]);
      assert(failure?.reason.includes(reason), failure?.reason);
      assertEquals(await times(client, 3), [3, 6]);
      await save("times.ts", OPERATION);
      await changed();
      assertEquals((await list(client)).failures, []);
    }));
}

for (const [what, text, line, reason] of BROKEN) {
  Deno.test(`a file that ${what} at the start is told with its place, and loaded once it is mended`, () =>
    withFolder(async ({ client, save, changed, said }) => {
      const [failure] = (await list(client)).failures;
      assertEquals([failure?.name, failure?.line, failure?.kept], ["times", line, false]);
      assert(failure?.reason.includes(reason), failure?.reason);
      assert(!/file:|blob:/.test(JSON.stringify([failure, said()])), said().join("\n"));
      await save("times.ts", OPERATION);
      await changed();
      assertEquals((await list(client)).failures, []);
      assertEquals(await times(client, 3), [3, 6]);
    }, { ...PRESENT, "times.ts": text }));
}

Deno.test("a fault in a module is told with the module's place and who imports it", () =>
  withFolder(async ({ folder, client, save, changed, said }) => {
    await save("_factor.ts", "\nexport const FACTOR: number = (;");
    await save("times.ts", OPERATION);
    await changed();
    const [failure] = (await list(client)).failures;
    assertEquals([failure?.file, failure?.line], [join(folder, "_factor.ts"), 2]);
    assertEquals(failure?.importedBy, join(folder, "times.ts"));
    assertMatch(said().join("\n"), /^_factor\.ts:2: .*xpected.* \(imported by times\.ts\)$/m);
    await save("_factor.ts", 'import "./gone.ts";\nexport const FACTOR: number = 2;');
    await changed();
    const gone = "_factor.ts:1: Cannot import './gone.ts': there is no such file";
    assert(said().includes(`${gone} (imported by times.ts)`), said().join("\n"));
    await save("_factor.ts", '\nimport "no-such-package";\nexport const FACTOR: number = 2;');
    await changed();
    assertMatch(
      said().join("\n"),
      /^_factor\.ts:2: .*no-such-package.*\(imported by times\.ts\)$/m,
    );
  }));

Deno.test("the terminal tells what became of a file, and speaks of operations only where there were", () =>
  withFolder(async ({ folder, save, changed, said }) => {
    await save("_factor.ts", "export const FACTOR: number = 1;");
    await save("times.ts", "export default (");
    await changed();
    await Deno.remove(join(folder, "times.ts"));
    await changed();
    await save("times.ts", "export default (");
    await changed();
    await save("times.ts", OPERATION);
    await changed();
    await save("times.ts", OPERATION.replace("max(10)", "max(20)"));
    await changed();
    await save("times.ts", "export default (");
    await changed();
    await Deno.remove(join(folder, "times.ts"));
    await changed();
    const told = said().map((line) => line?.replace(/(times\.ts:1): [^;]*/, "$1: …"));
    assertEquals(told, [
      "times.ts:1: …",
      "times.ts:1: …",
      "times was loaded",
      "times was loaded anew",
      "times.ts:1: …; the version before it stays in use",
      "times was removed",
    ]);
  }));

Deno.test("code that is no .ts file is told once, unless an operation imports it", () =>
  withFolder(async ({ save, changed, said }) => {
    await save("_factor.ts", 'export { FACTOR } from "./factor.js";');
    await save("factor.js", "export const FACTOR = 1;");
    await save("wave.js", "export default 1;");
    await save("times.ts", OPERATION);
    await changed();
    await save("times.ts", OPERATION.replace("max(10)", "max(20)"));
    await changed();
    assertEquals(said(), [
      "times was loaded",
      "wave.js is no operation: those are in .ts files",
      "times was loaded anew",
    ]);
  }));

Deno.test("a file with a name that is taken is told, and the first one stays", () =>
  withFolder(async ({ client, save, changed, said }) => {
    await save("_factor.ts", "export const FACTOR: number = 1;");
    await save("random_vectors.ts", OPERATION);
    await changed();
    const { operations, failures } = await list(client);
    assertEquals(operations.filter(({ name }) => name === "random_vectors").length, 1);
    assert(failures[0]?.reason.includes("'random_vectors' is taken by"), failures[0]?.reason);
    assertMatch(
      said().join("\n"),
      /^random_vectors\.ts: The name 'random_vectors' is taken by [^;]*$/,
    );
    assert(await client.call("jobs.run", { operation: "random_vectors", arrays: "json" }));
  }));

Deno.test("an OperationError reaches the user as it is", () =>
  withFolder(async ({ client, save, changed }) => {
    await save("_factor.ts", "export const FACTOR: number = 1;");
    await save("times.ts", OPERATION);
    await changed();
    const { error } = await client.request("jobs.run", {
      operation: "times",
      params: { by: 7 },
      inputs: { values: [1] },
    });
    assertEquals(error?.message, "Seven is too many");
  }));

Deno.test("an operation that wants more than the server allows says which flag is missing", () =>
  withFolder(async ({ client, save, changed }) => {
    await save("_factor.ts", "export const FACTOR: number = 1;");
    await save(
      "times.ts",
      OPERATION.replace("  params:", `  permissions: { net: ["api.example.com"] },\n  params:`),
    );
    await changed();
    const { error } = await client.request("jobs.run", {
      operation: "times",
      inputs: { values: [1] },
    });
    assertEquals(error?.data.code, "NOT_PERMITTED");
    assert(error?.message.includes("--allow-net=api.example.com"), error?.message);
  }));
