import type { Figure, Measured } from "./figure.ts";
import { measure } from "./measure.ts";
import type { NotMeasured } from "./results.ts";
import type { Stage } from "./stage.ts";
import { cells } from "./table.ts";

/** What came of some figures. */
export interface Outcome {
  figures: Measured[];
  missing: NotMeasured[];
}

/**
 * Measures one figure after the other and tells of each. One that fails, be it by a wrong value, does not keep the
 * others from being measured.
 */
export async function runFigures(
  figures: readonly Figure[],
  stage: Stage,
  say: (line: string) => void,
): Promise<Outcome> {
  const outcome: Outcome = { figures: [], missing: [] };
  const pass = (entry: NotMeasured): void => {
    outcome.missing.push(entry);
    say(notMeasured(entry));
  };
  for (const figure of figures) {
    const { name } = figure;
    const why = stage.lacks(figure.needs);
    if (why !== undefined) {
      pass({ name, why, failed: false });
      continue;
    }
    try {
      const measured = await measure(figure, stage);
      outcome.figures.push(measured);
      say(cells(figure, measured, !stage.quick).filter(Boolean).join("  "));
    } catch (error) {
      pass({ name, why: error instanceof Error ? error.message : String(error), failed: true });
    }
  }
  return outcome;
}

export function notMeasured({ name, why, failed }: NotMeasured): string {
  return failed ? `FAILED: ${name}: ${why}` : `not measured: ${name}: ${why}`;
}
