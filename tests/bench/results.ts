import { join } from "node:path";
import type { Measured } from "./figure.ts";
import type { Machine } from "./machine.ts";
import { ROOT } from "./stage.ts";

export const RESULTS = join(ROOT, "dist", "bench.json");

/** What one run found out: dist/bench.json. */
export interface Results {
  /** ISO 8601, UTC. */
  started: string;
  seconds: number;
  quick: boolean;
  machine: Machine;
  figures: Measured[];
  missing: { name: string; why: string }[];
}

export async function readResults(file = RESULTS): Promise<Results> {
  return JSON.parse(await Deno.readTextFile(file)) as Results;
}

export async function writeResults(results: Results, file = RESULTS): Promise<void> {
  await Deno.mkdir(join(file, ".."), { recursive: true });
  await Deno.writeTextFile(file, `${JSON.stringify(results, null, 1)}\n`);
}
