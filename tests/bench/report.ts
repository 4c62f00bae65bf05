/** `deno task bench:report`: makes docs/performance.md and its plots of dist/bench.json. */
import { join } from "node:path";
import { runCommand } from "../setup/command.ts";
import { FIGURES } from "./figures/mod.ts";
import { performancePage } from "./page.ts";
import { goalsPlot, memoryPlot } from "./plots.ts";
import { readResults, rowsOf } from "./results.ts";
import { ROOT } from "./stage.ts";

const docs = join(ROOT, "docs");
const results = await readResults();
const rows = rowsOf(FIGURES, results);
const soak = results.figures.find(({ name }) => name === "memory_soak");
const files = {
  "performance.md": performancePage(FIGURES, results),
  "performance_goals.svg": goalsPlot(rows),
  ...(soak === undefined
    ? {}
    : { "performance_memory.svg": memoryPlot(soak.ours.samples, 10_000) }),
};
for (const [name, text] of Object.entries(files)) {
  await Deno.writeTextFile(join(docs, name), text);
}
const paths = Object.keys(files).map((name) => join(docs, name));
const { code } = await runCommand(Deno.execPath(), ["fmt", "--quiet", ...paths], { cwd: ROOT });
Deno.exit(code);
