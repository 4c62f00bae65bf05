/**
 * `deno task test`: sets up what the tests need, runs every suite, and ends with one line: `N passed, N failed`.
 * `--fast` runs the part that `deno task ok` needs.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { preparePython } from "./setup/python.ts";
import { SUITES } from "./setup/suites.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const fast = Deno.args.includes("--fast");
const inCi = Deno.env.get("CI") === "true";

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

say("# setting up Python");
const requirements = join(root, "tests", "setup", "requirements.txt");
const python = await preparePython(join(root, ".venv"), requirements);

let passed = 0;
let failed = 0;
const missing: string[] = [];
for (const suite of SUITES.filter((each) => !fast || each.fast)) {
  say(`\n# ${suite.name}`);
  const result = await suite.run({ root, fast, python });
  if ("missing" in result) {
    missing.push(`not run: ${suite.name}: ${result.missing}`);
    // What cannot run here is told; where everything must run it is a failure.
    if (inCi) failed++;
  } else {
    passed += result.passed;
    failed += result.failed;
    if (result.passed + result.failed === 0) failed++; // A suite that ran nothing proves nothing.
    say(`# ${suite.name}: ${result.passed} passed, ${result.failed} failed`);
  }
}

say("");
for (const line of missing) say(line);
say(`${passed} passed, ${failed} failed`);
Deno.exit(failed === 0 ? 0 : 1);
