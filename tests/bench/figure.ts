import type { Stage } from "./stage.ts";
import type { Summary } from "./statistics.ts";

/** The parts of docs/performance.md, in its order. */
export const SECTIONS = [
  "Small jobs",
  "Large arrays through the socket",
  "Large arrays on one machine",
  "Kernels",
  "Blender",
  "Memory and time",
] as const;

export type Section = (typeof SECTIONS)[number];

/** What a figure is held against. `stretch` is what would be better still. */
export type Goal =
  & {
    /**
     * `ratio` is ours by the reference, `speedup` the reference by ours, `value` ours alone, and `low` the lower end of
     * ours: a slope whose interval reaches down to zero cannot be told from zero.
     */
    of: "ratio" | "speedup" | "value" | "low";
    stretch?: number;
  }
  & ({ most: number } | { least: number });

/** One repetition: it checks what came, and tells the number in the figure's unit. */
export type Sampler = () => Promise<number | Summary>;

export interface Sides {
  ours: Sampler;
  reference?: Sampler;
  /** Undoes what `start` did, where the stage does not. */
  end?(): Promise<void>;
}

/** What a figure cannot be measured without. */
export type Need = "blender" | "screen" | "linux";

/** One line of the table. */
export interface Figure {
  /** For `--only`, and its key in the results. */
  name: string;
  section: Section;
  /** What is measured. */
  title: string;
  ours: string;
  reference?: string;
  unit: string;
  /** Absent where the figure stands for comparison only. */
  goal?: Goal;
  needs?: readonly Need[];
  /** Interleaved repetitions of each side, warm-up apart. @default {11, and 2 with --quick} */
  repetitions?: { full: number; quick: number };
  /** Whether the first repetition of each side is thrown away. @default {true} */
  warmUp?: boolean;
  /** What limits it: why the number is not better. */
  limits: string;
  start(stage: Stage): Promise<Sides> | Sides;
}

/** What came of a figure. */
export interface Measured {
  name: string;
  ours: Summary;
  reference?: Summary;
  /** Ours by the reference, repetition by repetition. */
  ratio?: Summary;
}

/** The number that is held against the goal. */
export function judged({ goal }: Pick<Figure, "goal">, measured: Measured): number | undefined {
  switch (goal?.of) {
    case "ratio":
      return measured.ratio?.median;
    case "speedup":
      return measured.ratio === undefined ? undefined : 1 / measured.ratio.median;
    case "value":
      return measured.ours.median;
    case "low":
      return measured.ours.low;
  }
}

/** Whether the goal is met; undefined where there is none. A number that is none meets no goal. */
export function isMet(figure: Pick<Figure, "goal">, measured: Measured): boolean | undefined {
  const { goal } = figure;
  const number = judged(figure, measured);
  if (goal === undefined || number === undefined) return undefined;
  return "most" in goal ? number <= goal.most : number >= goal.least;
}
