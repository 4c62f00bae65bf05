import { type ArrayRef, elementsOf, formatShape } from "../../workers/array.ts";
import type { RunAnswer } from "./connection.ts";

/** Digits that are enough to see what came. */
const DIGITS = 6;

function spell(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}

/** `float32 (1000, 3), -1.5 to 2`, and how many elements are not finite numbers. */
export function describeArray(ref: ArrayRef): string {
  let low = Infinity;
  let high = -Infinity;
  let nan = 0;
  for (const value of elementsOf(ref)) {
    if (value < low) low = value;
    if (value > high) high = value;
    if (value !== value) nan++;
  }
  const what = `${ref.dtype} ${formatShape(ref.shape)}`;
  const bad = nan === 0 ? "" : `, ${nan} NaN`;
  if (low > high) return what + (nan === 0 ? ", empty" : bad);
  return `${what}, ${low === high ? `all ${spell(low)}` : `${spell(low)} to ${spell(high)}`}${bad}`;
}

/** What came of a run, for people: its parameters, times and outputs. */
export function summaryLines({ params, timings, outputs }: RunAnswer): string[] {
  const ms = (time: number): string => `${time.toFixed(1)} ms`;
  const { validateMs, queueMs, computeMs } = timings;
  const times = `check ${ms(validateMs)}, queue ${ms(queueMs)}, compute ${ms(computeMs)}`;
  const rows: [string, string][] = [
    ["params", JSON.stringify(params)],
    ["time", times],
    ...Object.entries(outputs).map(([name, ref]): [string, string] => [name, describeArray(ref)]),
  ];
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return rows.map(([label, text]) => label.padEnd(width) + text);
}
