/**
 * `deno task bench`: measures Outboard beside what people do today, in one run on this machine, prints the table and
 * writes dist/bench.json.
 *
 * `--quick` checks in under a minute that everything runs and that all values are right; its numbers mean nothing.
 * `--only TEXT` measures the figures whose names or sections contain a text (repeatable), `--keep` leaves the other
 * figures of dist/bench.json as they are.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { preparePython } from "../setup/python.ts";
import type { Figure } from "./figure.ts";
import { FIGURES } from "./figures/mod.ts";
import { describeMachine, machineText } from "./machine.ts";
import { keepOthers, readResults, RESULTS, type Results, rowsOf, writeResults } from "./results.ts";
import { notMeasured, type Outcome, runFigures } from "./run_figures.ts";
import { ROOT, Stage } from "./stage.ts";
import { alignRows, cells, HEADER } from "./table.ts";

const { values: { quick, keep, only } } = parseArgs({
  args: Deno.args,
  options: {
    quick: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
  },
});

/** What shells say of a program that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130;

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

function isWanted({ name, section }: Figure): boolean {
  const words = only.map((word) => word.toLowerCase());
  return words.length === 0 ||
    words.some((word) => name.includes(word) || section.toLowerCase().includes(word));
}

const python = await preparePython(
  join(ROOT, ".venv"),
  join(ROOT, "tests", "setup", "requirements.txt"),
);
if (typeof python === "string") {
  say(python);
  Deno.exit(1);
}
const blender = Deno.env.get("OUTBOARD_BLENDER");
const machine = await describeMachine(python.python, blender);
say(machineText(machine));

const stage = new Stage({ quick, python: python.python, ...(blender ? { blender } : {}) });
const interrupted = Promise.withResolvers<undefined>();
Deno.addSignalListener("SIGINT", () => interrupted.resolve(undefined));
const started = new Date();
let outcome: Outcome | undefined;
try {
  outcome = await Promise.race([
    runFigures(FIGURES.filter(isWanted), stage, say),
    interrupted.promise,
  ]);
} finally {
  await stage[Symbol.asyncDispose]();
}
if (outcome === undefined) Deno.exit(EXIT_INTERRUPTED);

const seconds = (Date.now() - started.getTime()) / 1000;
let results: Results = { started: started.toISOString(), seconds, quick, machine, ...outcome };
if (keep) results = keepOthers(results, await readResults());
const rows = rowsOf(FIGURES, results).map(({ figure, measured }) =>
  cells(figure, measured, !quick)
);
say("");
for (const line of alignRows([HEADER, ...rows])) say(line);
for (const entry of results.missing) say(notMeasured(entry));
if (quick) {
  say("\nThese numbers mean nothing: --quick checks that all of it runs and all values are right");
} else {
  await writeResults(results);
  say(`\nWritten to ${RESULTS}; 'deno task bench:report' makes docs/performance.md of it`);
}
const { figures, missing } = outcome;
say(`${figures.length} figures measured, ${missing.length} not, in ${seconds.toFixed(0)} s`);
// In CI everything must run.
const inCi = Deno.env.get("CI") === "true";
Deno.exit(missing.some(({ failed }) => failed || inCi) ? 1 : 0);
