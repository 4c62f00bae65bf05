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
import type { Figure, Measured } from "./figure.ts";
import { FIGURES } from "./figures/mod.ts";
import { describeMachine, type Machine, machineText } from "./machine.ts";
import { measure } from "./measure.ts";
import { readResults, RESULTS, type Results, writeResults } from "./results.ts";
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

async function run(stage: Stage, machine: Machine): Promise<Results> {
  const started = new Date();
  const figures: Measured[] = [];
  const missing: Results["missing"] = [];
  for (const figure of FIGURES.filter(isWanted)) {
    const why = stage.lacks(figure.needs);
    if (why !== undefined) {
      missing.push({ name: figure.name, why });
      say(`${figure.name}: not measured: ${why}`);
      continue;
    }
    const measured = await measure(figure, stage);
    figures.push(measured);
    say(cells(figure, measured, !quick).filter(Boolean).join("  "));
  }
  const seconds = (Date.now() - started.getTime()) / 1000;
  return { started: started.toISOString(), seconds, quick, machine, figures, missing };
}

/** The new figures, and of the old ones those that were not measured again. */
function keepOthers(results: Results, before: Results): Results {
  const isNew = ({ name }: { name: string }) =>
    [...results.figures, ...results.missing].some((each) => each.name === name);
  return {
    ...results,
    figures: [...before.figures.filter((each) => !isNew(each)), ...results.figures],
    missing: [...before.missing.filter((each) => !isNew(each)), ...results.missing],
  };
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
let results: Results | undefined;
try {
  results = await Promise.race([run(stage, machine), interrupted.promise]);
} finally {
  await stage[Symbol.asyncDispose]();
}
if (results === undefined) Deno.exit(EXIT_INTERRUPTED);
if (keep) results = keepOthers(results, await readResults());
const rows = FIGURES.flatMap((figure) => {
  const measured = results.figures.find(({ name }) => name === figure.name);
  return measured === undefined ? [] : [cells(figure, measured, !quick)];
});
say("");
for (const line of alignRows([HEADER, ...rows])) say(line);
for (const { name, why } of results.missing) say(`not measured: ${name}: ${why}`);
if (quick) {
  say(
    "\nThese numbers mean nothing: --quick only checks that all of it runs and all values are right",
  );
} else {
  await writeResults(results);
  say(`\nWritten to ${RESULTS}; 'deno task bench:report' makes docs/performance.md of it`);
}
say(`${results.figures.length} figures measured, ${results.missing.length} not`);
// Where everything must run, what did not run is a failure.
if (quick && Deno.env.get("CI") === "true" && results.missing.length > 0) Deno.exit(1);
