import { assertEquals } from "@std/assert/equals.js";
import { assertMatch } from "@std/assert/match.js";
import { assertStringIncludes } from "@std/assert/string_includes.js";
import { AuthorHome } from "./author_command.ts";

/** As long as a name may be: nothing that is made of it may become too long for the formatter. */
const LONGEST = "a_name_of_forty_eight_characters_is_a_long_name_";

async function namesIn(folder: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  return names.sort();
}

Deno.test("new writes an operation that passes fmt, lint, check and its own test", async () => {
  await using user = new AuthorHome();
  const { code, output } = await user.run("new", LONGEST);
  assertEquals(code, 0);
  assertEquals(output.trimEnd().split("\n").length, 3);
  assertStringIncludes(output, `deno test ${LONGEST}_test.ts`);
  assertEquals(await namesIn(user.operations), [
    `${LONGEST}.ts`,
    `${LONGEST}_test.ts`,
    "deno.json",
  ]);
  const gates = [["fmt", "--check"], ["lint"], ["check"], ["test", "--no-prompt"]];
  for (const args of gates) {
    const { code, output, error } = await user.deno(...args);
    assertEquals(code, 0, `deno ${args.join(" ")}: ${output}${error}`);
    if (args[0] === "test") assertStringIncludes(output, "4 passed");
  }
  assertEquals((await namesIn(user.operations)).length, 3);
});

Deno.test("the tasks for authors can be run from the folder of operations", async () => {
  await using user = new AuthorHome();
  assertEquals((await user.run("new", "wave")).code, 0);
  const given = ["--input", "points=[[1,0,0]]", "--params", '{"wavelength": 4}'];
  // A path is meant as seen from there.
  for (const operation of ["wave", "wave.ts", "./wave.ts"]) {
    const { code, output, error } = await user.deno("task", "try", operation, ...given);
    assertEquals(code, 0, error);
    assertStringIncludes(output, "points  float32 (1, 3), 0 to 1");
  }
  const { code, output } = await user.deno("task", "new", "second", "--dir", "more");
  assertEquals(code, 0);
  assertStringIncludes(output, `${user.operations}/more/second.ts`);
});

Deno.test("new refuses names that cannot be, and writes nothing", async () => {
  await using user = new AuthorHome();
  const refused: [string, string][] = [
    ["Wave", "wanted small letters, digits and _"],
    ["1st", "wanted small letters"],
    ["../up", "wanted small letters"],
    ["wave_test", "files that end in _test are tests"],
    ["random_vectors", "Outboard has one of that name"],
  ];
  for (const [name, reason] of refused) {
    const { code, error } = await user.run("new", name);
    assertEquals(code, 2, name);
    assertStringIncludes(error, `Cannot name an operation '${name}': `);
    assertStringIncludes(error, reason);
  }
  assertEquals(await namesIn(user.home), []);
});

Deno.test("new leaves files alone that are there already", async () => {
  await using user = new AuthorHome();
  await user.save("wave_test.ts", "// mine");
  const { code, error } = await user.run("new", "wave");
  assertEquals(code, 2);
  assertStringIncludes(error, "wave_test.ts: it is there already");
  assertEquals(await namesIn(user.operations), ["wave_test.ts"]);
});

Deno.test("new writes into another folder, and leaves its deno.json as it is", async () => {
  await using user = new AuthorHome();
  await Deno.mkdir(`${user.home}/mine`);
  await Deno.writeTextFile(`${user.home}/mine/deno.json`, "{}");
  const { code, output, error } = await user.run("new", "wave", "--dir", "mine");
  assertEquals(code, 0);
  assertStringIncludes(output, `deno task try ${user.home}/mine/wave.ts`);
  assertStringIncludes(error, '"outboard":"file:///');
  assertEquals(await Deno.readTextFile(`${user.home}/mine/deno.json`), "{}");
  assertEquals(await namesIn(`${user.home}/mine`), ["deno.json", "wave.ts", "wave_test.ts"]);
});

Deno.test("new says what it takes", async () => {
  await using user = new AuthorHome();
  const help = await user.run("new", "--help");
  assertEquals(help.code, 0);
  assertStringIncludes(help.output, "Usage: deno task new NAME [--dir DIR]");
  for (const args of [[], ["a", "b"], ["a", "--folder", "x"], ["a", "--dir"]]) {
    const { code, error } = await user.run("new", ...args);
    assertEquals(code, 2);
    assertMatch(error, /^Cannot (run|use) .*: wanted (deno task new NAME|DIR, got nothing)/);
  }
});
