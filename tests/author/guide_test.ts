import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertMatch } from "@std/assert/match.js";
import { assertStringIncludes } from "@std/assert/string_includes.js";
import { assertThrows } from "@std/assert/throws.js";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { namesOf, SOURCES, TARGETS } from "../../workers/places.ts";
import { type Output, runCommand } from "../setup/command.ts";
import { blocksOf, toPattern } from "./guide_blocks.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const GUIDE = new URL("../../docs/adding_an_operation.md", import.meta.url);

/** The environment of a user at home in `home`, who has Deno and what it has fetched before. */
async function environmentOf(home: string): Promise<Record<string, string>> {
  const { text } = await runCommand(Deno.execPath(), ["info", "--json"], { quiet: true });
  return {
    HOME: home,
    DENO_DIR: JSON.parse(text).denoDir,
    PATH: [dirname(Deno.execPath()), Deno.env.get("PATH")].join(delimiter),
    OUTBOARD_HOME: "",
    XDG_STATE_HOME: "",
    INIT_CWD: ROOT,
    NO_COLOR: "1",
  };
}

Deno.test({
  name: "everything on the page for authors does what the page says",
  ignore: Deno.build.os === "windows", // Its commands are written for a POSIX shell.
  async fn(test) {
    const blocks = blocksOf(await Deno.readTextFile(GUIDE));
    const home = await Deno.makeTempDir({ prefix: "outboard-test-" });
    const operations = join(home, "Outboard", "operations");
    try {
      const env = await environmentOf(home);
      await Deno.mkdir(operations, { recursive: true });
      const run = async (command: string, cwd: string): Promise<Output> => {
        const output = await runCommand("sh", ["-ec", command], { env, cwd, quiet: true });
        assertEquals(output.code, 0, `${command}\n${output.text}`);
        return output;
      };
      for (const block of blocks) {
        if (block.kind === "file") {
          await Deno.writeTextFile(join(operations, block.name), block.text);
          continue;
        }
        await test.step(block.text.trimEnd(), async () => {
          const { text } = await run(block.text.replaceAll("deno task", "deno task -q"), ROOT);
          if (block.printed !== undefined) assertMatch(text, toPattern(block.printed));
        });
      }
      for (const gate of ["deno fmt --check", "deno lint", "deno check"]) {
        await test.step(gate, async () => void await run(gate, operations));
      }
      const files = blocks.filter(({ kind }) => kind === "file");
      assert(files.length >= 9, `${files.length} files stand on the page`);
    } finally {
      await Deno.remove(home, { recursive: true });
    }
  },
});

Deno.test("README shows the file with which the guide begins", async () => {
  const [file] = blocksOf(await Deno.readTextFile(GUIDE));
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  assert(readme.includes("```ts\n" + file?.text + "```\n"), "they differ");
});

Deno.test("the page for authors has every source and every target", async () => {
  const page = await Deno.readTextFile(GUIDE);
  const told = (heading: string): string[] => {
    const table = page.split(`## ${heading}\n`)[1]?.split("\n\n").find((it) => it.startsWith("|"));
    return [...table?.matchAll(/^\| `([^`]+)`/gm) ?? []].map(([, name = ""]) => name);
  };
  // Those of one sort share a row.
  const sources = namesOf(SOURCES).map((name) =>
    name.replace(/^mesh\.\w+\.evaluated$/, "mesh.….evaluated").replace(/^second\..*/, "second.…")
  );
  assertEquals(new Set(told("Sources")), new Set(sources));
  assertEquals(told("Targets"), namesOf(TARGETS));
  for (const [name, { parts = [] }] of Object.entries(TARGETS)) {
    const row = page.split("\n").filter((line) =>
      /^\| `/.test(line) && line.includes(`\`${name}\``)
    );
    for (const part of parts) assertStringIncludes(row.join("\n"), `\`${part}\``);
  }
});

Deno.test("blocksOf() lets no block go untested", () => {
  assertEquals(blocksOf("```sh\nls\n```\n\nIt prints\n\n```text\na\n```\n"), [
    { kind: "commands", text: "ls\n", printed: "a\n" },
  ]);
  assertThrows(() => blocksOf("```ts\nlet a;\n```\n"), SyntaxError);
  assertThrows(() => blocksOf("```text\na\n```\n"), SyntaxError);
});

Deno.test("toPattern() takes … for anything within a line, and everything else as it is", () => {
  const pattern = toPattern("took … (1)\n");
  assert(pattern.test("took 3.5 ms (1)\n"));
  for (const other of ["took (1)\n", "took 1\n2 (1)\n", "took 3 (1)\nmore\n", "took 3 1\n"]) {
    assert(!pattern.test(other), other);
  }
});
