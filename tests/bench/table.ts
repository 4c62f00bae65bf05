import { type Figure, type Goal, isMet, judged, type Measured } from "./figure.ts";
import type { Summary } from "./statistics.ts";

/** A number with three digits that count, no more. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  if (size >= 10_000) return `${Math.round(value / 1000)} k`;
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return value.toFixed(2);
}

/** `12.1 (11.8–12.9)`: the median and its spread. */
export function spread({ median, low, high }: Summary): string {
  return `${short(median)} (${short(low)}${low < 0 ? " to " : "–"}${short(high)})`;
}

export function goalText(goal: Goal | undefined): string {
  if (goal === undefined) return "";
  const bound = "most" in goal ? `≤ ${goal.most}` : `≥ ${goal.least}`;
  return goal.of === "ratio" || goal.of === "speedup" ? `${bound} x` : bound;
}

export function verdict(figure: Figure, measured: Measured): string {
  const met = isMet(figure, measured);
  if (met === undefined) return "";
  const { goal } = figure;
  const number = judged(figure, measured);
  const stretched = goal?.stretch !== undefined && number !== undefined &&
    ("most" in goal ? number <= goal.stretch : number >= goal.stretch);
  return met ? (stretched ? "met, stretch too" : "met") : "MISSED";
}

/** Ours by the reference, the way round that the goal has it. */
export function ratioText({ goal }: Figure, { ratio }: Measured): string {
  if (ratio === undefined) return "";
  const { median, low, high } = ratio;
  if (goal?.of !== "speedup") return spread(ratio);
  return spread({ ...ratio, median: 1 / median, low: 1 / high, high: 1 / low });
}

/** A figure's cells: name, ours, reference, ratio, and where it counts goal and verdict. */
export function cells(figure: Figure, measured: Measured, counts = true): string[] {
  const row = [
    figure.name,
    `${spread(measured.ours)} ${figure.unit}`,
    measured.reference === undefined ? "" : `${spread(measured.reference)} ${figure.unit}`,
    ratioText(figure, measured),
  ];
  return counts ? [...row, goalText(figure.goal), verdict(figure, measured)] : row;
}

export const HEADER = ["figure", "ours", "reference", "ratio", "goal", ""];

/** Rows in columns of equal width. */
export function alignRows(rows: readonly string[][]): string[] {
  const widths = HEADER.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0))
  );
  return rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
  );
}
