import type { Figure, Measured, Sampler } from "./figure.ts";
import type { Stage } from "./stage.ts";
import { summarize, type Summary } from "./statistics.ts";

const REPETITIONS = { full: 11, quick: 2 };

/** Runs both sides of a figure in turn, so that whatever disturbs the machine disturbs both alike. */
export async function measure(figure: Figure, stage: Stage): Promise<Measured> {
  const { name, repetitions = REPETITIONS, warmUp = true } = figure;
  const sides = await figure.start(stage);
  try {
    const ours: (number | Summary)[] = [];
    const theirs: number[] = [];
    const turns = (stage.quick ? repetitions.quick : repetitions.full) + (warmUp ? 1 : 0);
    for (let turn = 0; turn < turns; turn++) {
      // Who goes first changes: one side would else always find the caches as the other left them.
      const steps: (() => Promise<void>)[] = [async () => void ours.push(await sides.ours())];
      const { reference } = sides;
      if (reference !== undefined) {
        steps.push(async () => void theirs.push(await plain(reference)));
      }
      for (const step of turn % 2 === 0 ? steps : steps.reverse()) await step();
    }
    return combine(name, ours.slice(warmUp ? 1 : 0), theirs.slice(warmUp ? 1 : 0));
  } finally {
    await sides.end?.();
  }
}

async function plain(sampler: Sampler): Promise<number> {
  const sample = await sampler();
  return typeof sample === "number" ? sample : sample.median;
}

function combine(name: string, ours: (number | Summary)[], theirs: number[]): Measured {
  const numbers = ours.map((sample) => typeof sample === "number" ? sample : sample.median);
  const [first] = ours;
  // A side that is one long run summarizes itself.
  const summary = ours.length === 1 && typeof first === "object" ? first : summarize(numbers);
  if (theirs.length === 0) return { name, ours: summary };
  const ratios = numbers.map((number, turn) => number / theirs[turn]!);
  return { name, ours: summary, reference: summarize(theirs), ratio: summarize(ratios) };
}
