import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import { assertThrows } from "@std/assert/throws.js";
import { join } from "node:path";
import { REFUSALS } from "../handlers/http/refuse.ts";
import { ERRORS } from "../workers/errors.ts";
import { OWN_OPERATIONS, testLimits } from "./handlers/mod.ts";
import { differences, examplesOf, tableOf } from "./protocol_examples.ts";
import { startServer } from "./server/started_server.ts";

const PAGE = await Deno.readTextFile(new URL("../docs/protocol.md", import.meta.url));

Deno.test("docs/protocol.md: a real server answers its examples as they stand", async (test) => {
  const laneFolder = await Deno.makeTempDir({ prefix: "outboard-test-" });
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => Deno.remove(laneFolder, { recursive: true }));
  await using started = await startServer({ operations: OWN_OPERATIONS, laneFolder });
  const nonce = await Deno.readTextFile(join(laneFolder, "nonce"));
  const client = await started.connect(["outboard.v1"]);
  const examples = examplesOf(PAGE);
  assert(examples.length >= 9, `${examples.length} examples`);
  for (const { name, sent, expected } of examples) {
    await test.step(name, async () => {
      const answer = client.nextMessage();
      client.send(sent.replace('"NONCE"', JSON.stringify(nonce)));
      assertEquals(differences(expected, await answer), []);
    });
  }
});

Deno.test("docs/protocol.md has an example of every method", () => {
  const methods = examplesOf(PAGE).map(({ sent }) => JSON.parse(sent).method);
  for (const method of PAGE.matchAll(/^### (\S+)/gm)) {
    assert(methods.includes(method[1]), `There is no example of ${method[1]}`);
  }
});

Deno.test("docs/protocol.md lists the errors of workers/errors.ts, in their order", () => {
  const listed = tableOf(PAGE, ["name", "number", "retry", "when"])
    .map(([name, number, retry]) => [name, number, retry]);
  const defined = Object.entries(ERRORS)
    .map(([name, { number, retry }]) => [name, String(number), retry ? "yes" : "no"]);
  assertEquals(listed, defined);
});

Deno.test("docs/protocol.md lists the limits of handlers/limits.ts", () => {
  const listed = tableOf(PAGE, ["limit", "meaning"]).map(([name]) => name);
  assertEquals(listed, Object.keys(testLimits()));
});

Deno.test("docs/protocol.md lists the refusals of handlers/http/refuse.ts", () => {
  const listed = tableOf(PAGE, ["status", "code", "when"]).map(([status, code]) => [code, status]);
  const defined = Object.entries(REFUSALS).map(([code, status]) => [code, String(status)]);
  assertEquals(listed, defined);
});

Deno.test("differences() tells another value, a missing key and a key too many", () => {
  const expected = { id: 1, result: { kept: "…", list: [1, 2], text: "a" } };
  assertEquals(differences(expected, { id: 1, result: { kept: {}, list: [1, 2], text: "a" } }), []);
  assertEquals(differences(expected, { id: 2, result: { list: [1], text: "…", more: 0 } }), [
    "id is 2, the page says 1",
    "result.kept is missing",
    "result.list.1 is undefined, the page says 2",
    'result.text is "…", the page says "a"',
    "result.more is not on the page",
  ]);
  assertEquals(differences([], {}), [" is {}, the page says []"]);
});

Deno.test("examplesOf() refuses a block that it cannot run, instead of skipping it", () => {
  const block = (body: string) => `\n\`\`\`json example=one\n${body}\n\`\`\`\n`;
  assertEquals(examplesOf(block("--> {}\n<-- {}")), [{ name: "one", sent: "{}", expected: {} }]);
  assertThrows(() => examplesOf(block("--> {}")), SyntaxError);
  assertThrows(() => examplesOf(block("--> {}\n<-- {}\n<-- {}")), SyntaxError);
  assertThrows(() => examplesOf(block("--> {}\n<-- {")), SyntaxError);
});

Deno.test("tableOf() finds the table by its headings and refuses to find none", () => {
  const page = "| a | b |\n| - | - |\n| `1` | 2 |\n\n| c |\n| - |\n| 3 |\n";
  assertEquals(tableOf(page, ["a", "b"]), [["1", "2"]]);
  assertEquals(tableOf(page, ["c"]), [["3"]]);
  assertThrows(() => tableOf(page, ["d"]), RangeError);
});
