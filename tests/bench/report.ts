/** `deno task bench:report`: makes docs/performance.md and its plots of dist/bench.json. */
import { join } from "node:path";
import { runCommand } from "../setup/command.ts";
import { FIGURES } from "./figures/mod.ts";
import { performancePage } from "./page.ts";
import { goalsPlot, memoryPlot } from "./plots.ts";
import { readResults } from "./results.ts";
import { ROOT } from "./stage.ts";

const docs = join(ROOT, "docs");
const results = await readResults();
const rows = FIGURES.flatMap((figure) => {
  const measured = results.figures.find(({ name }) => name === figure.name);
  return measured === undefined ? [] : [{ figure, measured }];
});
const page = join(docs, "performance.md");
await Deno.writeTextFile(page, performancePage(FIGURES, results));
await Deno.writeTextFile(join(docs, "performance_goals.svg"), goalsPlot(rows));
const soak = results.figures.find(({ name }) => name === "memory_soak");
if (soak !== undefined) {
  await Deno.writeTextFile(
    join(docs, "performance_memory.svg"),
    memoryPlot(soak.ours.samples, 10_000),
  );
}
const { code } = await runCommand(Deno.execPath(), ["fmt", "--quiet", page], { cwd: ROOT });
Deno.exit(code);
