import { type Figure, SECTIONS } from "./figure.ts";
import { machineText } from "./machine.ts";
import { type Results, type Row, rowsOf } from "./results.ts";
import { goalText, ratioText, spread, verdict } from "./table.ts";

function tableRow({ figure, measured }: Row): string {
  const { unit, goal } = figure;
  const cells = [
    `\`${figure.name}\``,
    `${spread(measured.ours)} ${unit}`,
    measured.reference === undefined ? "" : `${spread(measured.reference)} ${unit}`,
    ratioText(figure, measured),
    `${goalText(goal)}${goal?.stretch === undefined ? "" : ` (better ${goal.stretch})`}`,
    verdict(figure, measured).replace("MISSED", "**missed**"),
  ];
  return `| ${cells.join(" | ")} |`;
}

function explanation({ figure, measured }: Row): string {
  const against = figure.reference === undefined ? "" : `; against ${figure.reference}`;
  const repeated = measured.ours.samples.length;
  const times = repeated > 1 && measured.ratio !== undefined ? ` ${repeated} pairs.` : "";
  return `- **\`${figure.name}\`** ${figure.title}. Ours: ${figure.ours}${against}.${times} ` +
    `_What limits it:_ ${figure.limits}`;
}

function section(title: string, rows: readonly Row[]): string[] {
  return [
    `## ${title}`,
    "",
    "| figure | ours | reference | ratio | goal | |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows.map(tableRow),
    "",
    ...rows.map(explanation),
    "",
  ];
}

/** docs/performance.md, before it is formatted. */
export function performancePage(figures: readonly Figure[], results: Results): string {
  const rows = rowsOf(figures, results);
  const judgedRows = rows.filter(({ figure }) => figure.goal !== undefined);
  const met =
    judgedRows.filter(({ figure, measured }) => verdict(figure, measured).startsWith("met")).length;
  const soak = rows.find(({ figure }) => figure.name === "memory_soak");
  return [
    "# Performance",
    "",
    "<!-- Made by `deno task bench:report`: change tests/bench/ instead of this page. -->",
    "",
    `Of ${judgedRows.length} goals, ${met} are met. Measured on ${
      results.started.slice(0, 10)
    } on ` +
    `${machineText(results.machine)}.`,
    "",
    "Outboard and what it is held against run in turn, in one run on one machine, and every answer " +
    "that is timed is checked. Numbers are medians, with the quartiles in parentheses; a ratio is " +
    "the median of the ratios of neighbouring repetitions, ours by the reference, or, where the " +
    "goal is to be so many times as fast (≥), the reference by ours. On other machines the " +
    "times will differ much and the ratios less.",
    "",
    "![How far each figure is from its goal](performance_goals.svg)",
    "",
    "_How far each figure is from its goal, on a scale of powers; left of the line is better._",
    "",
    "## To repeat it",
    "",
    "```sh",
    "npx -y deno task bench         # measures, prints the table, writes dist/bench.json",
    "npx -y deno task bench:report  # makes this page of it",
    "```",
    "",
    "Close what else computes. `--only NAME` measures some of it, and with `--keep` leaves the rest " +
    "of dist/bench.json as it is; `--quick` checks within a minute that all of it runs and all " +
    "values are right. The figures in Blender need a Blender named in `OUTBOARD_BLENDER`, some of " +
    "them Xvfb, and what reads /proc needs Linux; what cannot be measured is said.",
    "",
    ...SECTIONS.flatMap((title) =>
      section(title, rows.filter(({ figure }) => figure.section === title))
    ),
    ...(soak === undefined ? [] : [
      "![Memory over ten thousand jobs](performance_memory.svg)",
      "",
      "_The server's memory while `memory_soak` runs; the slope is taken right of the dashed line._",
      "",
    ]),
    ...results.missing.map(({ name, why }) => `\`${name}\` was not measured: ${why}.\n`),
    "",
  ].join("\n");
}
