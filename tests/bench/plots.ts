import { type Figure, isMet, judged, type Measured } from "./figure.ts";
import type { Row } from "./results.ts";
import { short } from "./table.ts";

/** Drawn on no ground of their own, in colours that can be read on light and on dark pages. */
const STYLE = `
  text { font: 12px sans-serif; fill: #444 }
  .axis { stroke: #999; stroke-width: 1 }
  .goal { stroke: #444; stroke-width: 2 }
  .met { fill: #2a9d63; stroke: #2a9d63 } .missed { fill: #d9622b; stroke: #d9622b }
  .line { fill: none; stroke: #3b7dd8; stroke-width: 1.5 }
  .half { stroke: #999; stroke-dasharray: 4 4 }
  @media (prefers-color-scheme: dark) { text { fill: #ccc } .goal { stroke: #ddd } }
`;

const WIDTH = 760;

function svg(height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" ` +
    `height="${height}" role="img" aria-label="${title}">`,
    `<style>${STYLE}</style>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

function text(x: number, y: number, words: string, anchor = "start"): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${words}</text>`;
}

function line(x1: number, y1: number, x2: number, y2: number, look: string): string {
  const [a, b, c, d] = [x1, y1, x2, y2].map(round);
  return `<line x1="${a}" y1="${b}" x2="${c}" y2="${d}" class="${look}"/>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The goals are laid over each other: 1 is the goal, and less is better. */
function shareOfGoal({ figure, measured }: Row): number | undefined {
  const { goal } = figure;
  const number = judged(figure, measured);
  if (goal === undefined || goal.of === "low" || number === undefined) return undefined;
  return "most" in goal ? number / goal.most : goal.least / number;
}

function valueText(figure: Figure, measured: Measured): string {
  const unit = figure.goal?.of === "value" ? figure.unit.replace(" of a core", "") : "x";
  return `${short(judged(figure, measured) ?? NaN)} ${unit}`;
}

const LABELS = 150;
const ROW = 20;
const TOP = 34;
/** A tenth of the goal to ten times the goal, by powers. */
const DECADES = 1;

/** Every figure that has a goal, by how far it is from it. */
export function goalsPlot(rows: readonly Row[]): string {
  const shown = rows.flatMap((row) => {
    const share = shareOfGoal(row);
    return share === undefined ? [] : [{ ...row, share }];
  });
  const height = TOP + ROW * shown.length + 12;
  const right = WIDTH - 90;
  const at = (share: number): number => {
    const power = Math.log10(Math.min(Math.max(share, 10 ** -DECADES), 10 ** DECADES));
    return LABELS + (right - LABELS) * (power + DECADES) / (2 * DECADES);
  };
  const ticks = [0.1, 0.2, 0.5, 1, 2, 5, 10].flatMap((share) => [
    line(at(share), TOP - 8, at(share), height - 8, share === 1 ? "goal" : "axis"),
    text(at(share), TOP - 14, share === 1 ? "goal" : `${share} x`, "middle"),
  ]);
  const bars = shown.flatMap(({ figure, measured, share }, index) => {
    const y = TOP + ROW * index;
    const [from, to] = [Math.min(at(1), at(share)), Math.max(at(1), at(share))];
    const look = isMet(figure, measured) ? "met" : "missed";
    return [
      text(LABELS - 10, y + 13, figure.name, "end"),
      `<rect x="${round(from)}" y="${y + 3}" width="${round(Math.max(to - from, 1))}" ` +
      `height="${ROW - 8}" class="${look}"/>`,
      text(right + 8, y + 13, valueText(figure, measured)),
    ];
  });
  return svg(height, "How far each figure is from its goal; left of the line is better", [
    ...ticks,
    ...bars,
  ]);
}

const PLOT_HEIGHT = 240;
const LEFT = 60;
const BOTTOM = 34;

/** A server's memory in MiB over the jobs that it has run. */
export function memoryPlot(samples: readonly number[], jobs: number): string {
  const most = Math.ceil(Math.max(...samples) / 100) * 100;
  const x = (job: number): number => LEFT + (WIDTH - LEFT - 20) * job / jobs;
  const y = (mib: number): number =>
    PLOT_HEIGHT - BOTTOM - (PLOT_HEIGHT - BOTTOM - 14) * mib / most;
  const points = samples.map((mib, look) =>
    `${round(x((look + 1) * jobs / samples.length))},${round(y(mib))}`
  );
  const quarters = [0, 0.25, 0.5, 0.75, 1];
  return svg(PLOT_HEIGHT, "Memory of the server over ten thousand jobs", [
    ...quarters.map((share) => text(LEFT - 8, y(most * share) + 4, `${most * share}`, "end")),
    ...quarters.map((share) =>
      text(x(jobs * share), PLOT_HEIGHT - 14, `${jobs * share}`, "middle")
    ),
    text(LEFT + 6, 22, "MiB in use"),
    text(WIDTH - 24, PLOT_HEIGHT - BOTTOM - 8, "jobs", "end"),
    line(LEFT, y(0), WIDTH - 20, y(0), "axis"),
    line(LEFT, y(0), LEFT, y(most), "axis"),
    line(x(jobs / 2), y(0), x(jobs / 2), y(most), "half"),
    `<polyline points="${points.join(" ")}" class="line"/>`,
  ]);
}
