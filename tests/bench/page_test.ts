import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import type { Figure, Goal } from "./figure.ts";
import { FIGURES } from "./figures/mod.ts";
import type { Machine } from "./machine.ts";
import { performancePage } from "./page.ts";
import { goalsPlot, memoryPlot } from "./plots.ts";
import { type Results, rowsOf } from "./results.ts";
import { summarize } from "./statistics.ts";

function figure(name: string, goal?: Goal): Figure {
  return {
    ...{ name, section: "Kernels", title: `Title of ${name}`, ours: "ours", unit: "ms" },
    ...{ limits: `Limits of ${name}`, start: () => ({ ours: () => Promise.resolve(0) }) },
    ...(goal === undefined ? {} : { goal }),
  };
}

const figures = [
  figure("slow", { of: "value", most: 10 }),
  figure("quick", { of: "value", most: 10 }),
  figure("beside"),
  figure("absent", { of: "value", most: 10 }),
];
const results: Results = {
  ...{ started: "2026-01-31T12:00:00.000Z", seconds: 1, quick: false },
  machine: { cpu: "a processor", load: 0.5, memoryGib: 8, cores: 2 } as Machine,
  figures: [
    { name: "beside", ours: summarize([7]) },
    { name: "quick", ours: summarize([1]) },
    { name: "slow", ours: summarize([20]) },
  ],
  missing: [{ name: "absent", why: "there is no Blender", failed: false }],
};

Deno.test("the page shows a missed goal as missed, and says what was not measured", () => {
  const page = performancePage(figures, results);
  const line = (name: string) => page.split("\n").find((each) => each.startsWith(`| \`${name}\``));
  assert(line("slow")?.endsWith("| **missed** |"), line("slow"));
  assert(line("quick")?.endsWith("| met |"), line("quick"));
  assert(line("beside")?.endsWith("|  |  |"), line("beside"));
  assert(page.includes("Of 2 goals, 1 are met. Measured on 2026-01-31 on a processor"), page);
  assert(page.includes("_What limits it:_ Limits of slow"));
  assert(page.includes("`absent` was not measured: there is no Blender"));
});

Deno.test("the plot of goals has a bar on either side for each figure with a goal", () => {
  const plot = goalsPlot(rowsOf(figures, results));
  const bars = [...plot.matchAll(/<rect x="([\d.]+)".* width="([\d.]+)".* class="(\w+)"/g)];
  assertEquals(bars.map(([, , , look]) => look), ["missed", "met"]);
  const goal = Number(plot.match(/<line x1="([\d.]+)".* class="goal"/)?.[1]);
  const [missed, met] = bars.map(([, x, width]) => ({ x: Number(x), width: Number(width) }));
  assertEquals(missed?.x, goal);
  assertEquals(Math.round((met?.x ?? 0) + (met?.width ?? 0)), Math.round(goal));
});

Deno.test("the plot of memory has a point for every look, left to right", () => {
  const points = memoryPlot([100, 150, 120], 3000).match(/points="([^"]*)"/)?.[1]?.split(" ") ?? [];
  const xs = points.map((point) => Number(point.split(",")[0]));
  assertEquals(points.length, 3);
  assertEquals(xs, xs.toSorted((a, b) => a - b));
});

Deno.test("every figure has a name of its own and says what limits it", () => {
  assertEquals(new Set(FIGURES.map(({ name }) => name)).size, FIGURES.length);
  for (const { name, limits } of FIGURES) assert(/^[A-Z].*\.$/.test(limits), name);
});
