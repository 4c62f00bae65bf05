import { join } from "node:path";
import type { Figure, Measured } from "./figure.ts";
import type { Machine } from "./machine.ts";
import { ROOT } from "./stage.ts";

export const RESULTS = join(ROOT, "dist", "bench.json");

/** A figure for which there is no number, and why. */
export interface NotMeasured {
  name: string;
  why: string;
  /** It was tried; where false, something that it needs is not here. */
  failed: boolean;
}

/** A figure with what came of it. */
export interface Row {
  figure: Figure;
  measured: Measured;
}

/** What one run found out: dist/bench.json. */
export interface Results {
  /** ISO 8601, UTC. */
  started: string;
  seconds: number;
  quick: boolean;
  machine: Machine;
  figures: Measured[];
  missing: NotMeasured[];
}

/** What there is a number for, in the order of `figures`. */
export function rowsOf(figures: readonly Figure[], results: Pick<Results, "figures">): Row[] {
  return figures.flatMap((figure) => {
    const measured = results.figures.find(({ name }) => name === figure.name);
    return measured === undefined ? [] : [{ figure, measured }];
  });
}

/** The new figures, and of the old ones those that were not measured again. */
export function keepOthers(results: Results, before: Results): Results {
  const isNew = ({ name }: { name: string }) =>
    [...results.figures, ...results.missing].some((each) => each.name === name);
  return {
    ...results,
    figures: [...before.figures.filter((each) => !isNew(each)), ...results.figures],
    missing: [...before.missing.filter((each) => !isNew(each)), ...results.missing],
  };
}

export async function readResults(file = RESULTS): Promise<Results> {
  return JSON.parse(await Deno.readTextFile(file)) as Results;
}

export async function writeResults(results: Results, file = RESULTS): Promise<void> {
  await Deno.mkdir(join(file, ".."), { recursive: true });
  await Deno.writeTextFile(file, `${JSON.stringify(results, null, 1)}\n`);
}
