import { assertEquals } from "@std/assert/equals.js";
import { assertMatch } from "@std/assert/match.js";
import { assertStringIncludes } from "@std/assert/string_includes.js";
import { parseFaults } from "../../handlers/author/type_check.ts";
import { AuthorHome } from "./author_command.ts";

function operation(params: string, run: string): string {
  return `import { defineOperation, z } from "outboard";
export default defineOperation({
  title: "Test",
  description: "Is checked.",
  params: z.strictObject({ ${params} }),
  inputs: {},
  outputs: { values: { kind: "scalars", dtype: "float32", shape: [1] } },
  run({ allocate }) { ${run} },
});
`;
}

Deno.test("check finds nothing wrong with what new writes, and with our own", async () => {
  await using user = new AuthorHome();
  assertEquals((await user.run("new", "wave")).code, 0);
  const { code, output } = await user.run("check");
  assertEquals(code, 0, output);
  assertMatch(output, /^\d+ operations in 2 folders: nothing is wrong with them\n$/);
});

Deno.test("check tells every fault with its place, and fails", async () => {
  await using user = new AuthorHome();
  const sound = 'allocate("values");';
  await user.save("typed_wrongly.ts", operation("", 'allocate("valus");'));
  await user.save("parsed_wrongly.ts", operation("", "(;"));
  await user.save("throws.ts", `${operation("", sound)}throw new Error("Not today");`);
  await user.save("Wrong-Name.ts", operation("", sound));
  await user.save("default_out_of_range.ts", operation("a: z.number().max(1).default(2)", sound));
  await user.save("imports_nothing.ts", `\nimport "./gone.ts";${operation("", sound)}`);
  await user.save("imports_unknown.ts", `${operation("", sound)}import "no-such-package";`);
  await user.save("random_vectors.ts", operation("", sound));
  await user.save("_shared.ts", "export const notChecked: number = 'text';");
  await user.save("_broken.ts", "\nexport const half = (;");
  await user.save("imports_broken.ts", `import "./_broken.ts";${operation("", sound)}`);
  await user.save("sound_test.ts", "throw new Error('Tests are not run');");
  const { code, output } = await user.run("check");
  assertEquals(code, 1);
  const lines = output.trimEnd().split("\n");
  for (
    const [file, reason] of [
      ["typed_wrongly.ts:8", `Argument of type '"valus"' is not assignable`],
      ["parsed_wrongly.ts:8", "Expression expected"],
      ["throws.ts:10", "Not today"],
      ["Wrong-Name.ts", "Cannot name an operation 'Wrong-Name'"],
      ["default_out_of_range.ts", "default of the parameter 'a' is not one of its values"],
      ["imports_nothing.ts:2", "Cannot import './gone.ts'"],
      ["_broken.ts:2", "Expression expected (imported by imports_broken.ts)"],
      ["imports_unknown.ts:10", 'Import "no-such-package"'],
      ["random_vectors.ts", "The name 'random_vectors' is taken by"],
    ] as const
  ) {
    const line = lines.find((each) => each.startsWith(`${user.operations}/${file}: `));
    assertStringIncludes(line ?? output, reason);
  }
  assertEquals(lines.length, 10, output);
  assertStringIncludes(lines.at(-1) ?? "", ": 9 faults in 9 files");
});

Deno.test("check looks into a folder that is named, and refuses one that is none", async () => {
  await using user = new AuthorHome();
  await Deno.mkdir(`${user.home}/mine`);
  await Deno.writeTextFile(`${user.home}/mine/a.ts`, "export default 1;");
  const { code, output } = await user.run("check", "--operations", "mine");
  assertEquals(code, 1);
  assertStringIncludes(output, `${user.home}/mine/a.ts: No operation: wanted`);
  const refused = await user.run("check", "--operations", "gone");
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.error, "Cannot use --operations: wanted a folder");
});

Deno.test("parseFaults() takes the first place of each message", () => {
  const output = `TS2322 [ERROR]: Type 'number' is not assignable to type 'string'.
  title: 3,
  ~~~~~
    at file:///a/b%20c.ts:2:34

    The expected type comes from property 'title'
        at file:///workers/operation.ts:99:3

Found 1 error.

error: Type checking failed.
`;
  assertEquals(parseFaults(output), [
    { file: "/a/b c.ts", line: 2, reason: "Type 'number' is not assignable to type 'string'." },
  ]);
});
