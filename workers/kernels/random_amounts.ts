import type { Vector3 } from "./float_array.ts";
import { drawNormals } from "./normal.ts";
import { BATCH, drawWords, STREAM, unit, type Words } from "./philox.ts";

export interface Spread {
  /** 0 to 2^53 - 1. */
  seed: number;
  /** Between minus and plus the amount, or normal with the amount as standard deviation. */
  distribution: "uniform" | "normal";
}

const symmetric = new Float64Array(BATCH);

/** Draws a random vector around zero for each of a batch of objects.
 * Shapes: out at least (count, 3) float64, of which the first count rows are written; amounts (3,).
 * Units:  those of amounts.
 * Method: uniform in [-amount, amount), or normal by {@linkcode drawNormals}; 53 random bits per
 *         number, by the object's index.
 * Cost:   O(count) time; allocates nothing.
 * Special: an amount of 0 gives 0 on its axis.
 * @throws {RangeError} If count is not 1 to BATCH
 * @example Usage
 * ```ts
 * const out = new Float64Array(3);
 * drawAmounts(out, [1, 0, 0], { seed: 1, distribution: "uniform", draw: 0, first: 0, count: 1 });
 * if (!(Math.abs(out[0]!) < 1) || out[1] !== 0) throw new Error("beyond the amount");
 * ```
 */
export function drawAmounts(
  out: Float64Array,
  amounts: Vector3,
  { seed, distribution, ...which }: Spread & { draw: number; first: number; count: number },
): void {
  if (amounts.every((amount) => amount === 0)) {
    out.fill(0, 0, 3 * which.count);
    return;
  }
  const draw = { seed, stream: STREAM.objects, bits: 53, ...which } as const;
  const words = drawWords(draw);
  for (const axis of [0, 1, 2] as const) {
    const numbers = distribution === "normal"
      ? drawNormals(words, { ...draw, axis })
      : drawSymmetric(words, axis * BATCH, which.count);
    for (let i = 0; i < which.count; i++) out[3 * i + axis] = amounts[axis] * numbers[i]!;
  }
}

/** Numbers in [-1, 1). */
function drawSymmetric({ high, low }: Words, plane: number, count: number): Float64Array {
  for (let i = 0; i < count; i++) symmetric[i] = 2 * unit(high[plane + i]!, low[plane + i]!) - 1;
  return symmetric;
}
