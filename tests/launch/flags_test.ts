import { assertEquals } from "@std/assert/equals.js";
import { assertStringIncludes } from "@std/assert/string_includes.js";
import { assertThrows } from "@std/assert/throws.js";
import { FlagError, FLAGS, helpText, parseFlags } from "../../handlers/launch/flags.ts";

Deno.test("parseFlags() has a default for every flag", () => {
  const flags = parseFlags([], 6);
  assertEquals(
    [flags.host, flags.port, flags.portAsked, flags.threads, flags.maxArrayMib],
    ["127.0.0.1", 8470, false, 6, 256],
  );
  assertEquals([flags.jobTimeoutSeconds, flags.logLevel, flags.json], [300, "info", false]);
});

Deno.test("parseFlags() takes values after a space or an equals sign", () => {
  const flags = parseFlags(["--port", "0", "--threads=3", "--job-timeout", "0.5", "--json"], 1);
  assertEquals(
    [flags.port, flags.portAsked, flags.threads, flags.jobTimeoutSeconds, flags.json],
    [0, true, 3, 0.5, true],
  );
});

const REFUSED: [string[], string[]][] = [
  [["--prot", "1"], ["'--prot'", "--port"]],
  [["stray"], ["'stray'"]],
  [["--port", "70000"], ["--port", "0 to 65535", "'70000'"]],
  [["--port", "-1"], ["--port", "'-1'"]],
  [["--port", ""], ["--port", "''"]],
  [["--port"], ["--port", "got nothing"]],
  [["--port", "--json"], ["--port", "got nothing"]],
  [["--threads", "0"], ["--threads", "1 to", "'0'"]],
  [["--threads", "two"], ["--threads", "'two'"]],
  [["--max-array-mib", "1.5"], ["--max-array-mib", "'1.5'"]],
  [["--job-timeout", "0"], ["--job-timeout", "above 0", "'0'"]],
  [["--log-level", "loud"], ["--log-level", "debug, info, warn, error", "'loud'"]],
  [["--json=yes"], ["--json", "no value", "'yes'"]],
  [["--host", "0.0.0.0"], ["--host", "'0.0.0.0'"]],
  [["--host", "192.168.1.5"], ["--host", "192.168.1.5", "--insecure"]],
];

for (const [args, parts] of REFUSED) {
  Deno.test(`parseFlags() refuses '${args.join(" ")}', naming the flag, the wanted and the given`, () => {
    const { message } = assertThrows(() => parseFlags(args, 1), FlagError) as FlagError;
    for (const part of parts) assertStringIncludes(message, part);
  });
}

Deno.test("parseFlags() binds another address when told that it may be insecure", () => {
  assertEquals(parseFlags(["--host", "192.168.1.5", "--insecure"], 1).host, "192.168.1.5");
});

Deno.test("helpText() names every flag with its default", () => {
  const text = helpText();
  for (const { name, default: by } of FLAGS) {
    const line = text.split("\n").find((each) => each.startsWith(`  --${name} `)) ?? "";
    assertStringIncludes(line, `(default: ${by})`);
  }
});
