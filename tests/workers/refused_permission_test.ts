import { assertEquals } from "@std/assert/equals.js";
import { assertMatch } from "@std/assert/match.js";
import { explainRefusal, messageOf } from "../../workers/refused_permission.ts";

/** What the thread of an operation may not do, and what its author is told. */
const REFUSED: [code: string, told: string][] = [
  [
    'await fetch("https://example.com/heights")',
    'Cannot talk to example.com: declare `permissions: { net: ["example.com"] }` in the operation ' +
    "and start the server with --allow-net=example.com",
  ],
  [
    'await Deno.connect({ hostname: "127.0.0.1", port: 81 })',
    'Cannot talk to 127.0.0.1:81: declare `permissions: { net: ["127.0.0.1:81"] }` in the operation ' +
    "and start the server with --allow-net=127.0.0.1:81",
  ],
  [
    'await Deno.readTextFile("/heights.csv")',
    'Cannot read /heights.csv: declare `permissions: { read: ["/heights.csv"] }` in the operation ' +
    "and start the server with --allow-read=/heights.csv",
  ],
  ['await Deno.writeTextFile("/out.csv", "")', "Operations cannot write files, got /out.csv"],
  ['Deno.env.get("HOME")', "Operations cannot read environment variables, got HOME"],
  ['await new Deno.Command("ls").output()', "Operations cannot start programs, got ls"],
  ["Deno.env.toObject()", "Operations cannot read environment variables, got all of them"],
  ["Deno.hostname()", "Operations cannot ask about this computer, got hostname"],
];

/** The message of what `code` throws in a process that may do nothing. */
async function thrownBy(code: string): Promise<string> {
  const program = `try { ${code}; } catch (error) { console.log(error.message); }`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--quiet", "--no-config", `data:text/javascript,${program}`],
    stdout: "piped",
    stderr: "inherit",
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

for (const [code, told] of REFUSED) {
  Deno.test(`explainRefusal() tells the author of \`${code}\` what to do`, async () => {
    assertEquals(explainRefusal(await thrownBy(code)), told);
  });
}

Deno.test("messageOf() leaves other messages as they are", () => {
  assertEquals(messageOf(new RangeError("No such luck")), "No such luck");
  assertEquals(messageOf("text"), "text");
  assertMatch(messageOf({}), /object/);
});
