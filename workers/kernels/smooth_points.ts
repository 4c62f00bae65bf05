import { type FloatArray, requireRows, type Rows } from "./float_array.ts";
import type { Neighbors } from "./neighbors.ts";

/** Moves points toward the middle of their neighbours, or away from it: half a step of Taubin's smoothing.
 * Shapes: points (n, 3), out (n, 3) float32 or float64, of which rows start up to end are written;
 *         neighbors as {@linkcode findNeighbors} gives them for n points.
 * Units:  those of points; factor is a fraction of the way.
 * Method: p + factor (mean of p's neighbours - p), Taubin 1995, "A signal processing approach to fair
 *         surface design", https://doi.org/10.1145/218380.218473, with equal weights. A step with
 *         lambda > 0 and one with mu < -lambda together leave the large features as large as they
 *         are. In float64, rounded once to the output's type. Blender's Smooth modifier takes the
 *         first kind of step only, which shrinks.
 * Cost:   O(end - start) time, about 40 ns per point of six neighbours; allocates nothing; inputs
 *         are not modified; out must not be points.
 * Special: an empty range writes nothing; points without neighbours stay, so do those of the
 *         boundary if it is kept; NaN and infinities spread.
 * @throws {OutboardError} INVALID_SHAPE if the rows do not lie within the arrays
 * @example Usage
 * ```ts
 * import { findNeighbors } from "./neighbors.ts";
 * const points = Float64Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0);
 * const neighbors = findNeighbors(Uint32Array.of(0, 1, 2), 3);
 * const out = new Float64Array(9);
 * smoothPoints(points, out, { neighbors, factor: 1, keepBoundary: false, start: 0, end: 3 });
 * if (out[0] !== 0.5 || out[1] !== 0.5) throw new Error("not in the middle");
 * ```
 */
export function smoothPoints(
  points: FloatArray,
  out: FloatArray,
  { neighbors, factor, keepBoundary, start, end }: Rows & {
    neighbors: Neighbors;
    factor: number;
    keepBoundary: boolean;
  },
): void {
  requireRows("the points", points, { width: 3, start, end });
  requireRows("the smoothed points", out, { width: 3, start, end });
  const { starts, indices, boundary } = neighbors;
  for (let i = start; i < end; i++) {
    const [first, last] = [starts[i]!, starts[i + 1]!];
    const stays = first === last || (keepBoundary && boundary[i] === 1);
    const share = stays ? 0 : factor / (last - first);
    const rest = stays ? 1 : 1 - factor;
    let [x, y, z] = [0, 0, 0];
    for (let k = stays ? last : first; k < last; k++) {
      const at = 3 * indices[k]!;
      x += points[at]!;
      y += points[at + 1]!;
      z += points[at + 2]!;
    }
    out[3 * i] = rest * points[3 * i]! + share * x;
    out[3 * i + 1] = rest * points[3 * i + 1]! + share * y;
    out[3 * i + 2] = rest * points[3 * i + 2]! + share * z;
  }
}

/** How much the wave that grows most grows by one pass of two half steps.
 * Shapes: scalars.
 * Units:  factors.
 * Method: a wave of frequency k, 0 to 2, is multiplied by (1 - lambda k)(1 - mu k); the largest size
 *         of this polynomial lies at k = 2 or where its slope is 0.
 * Cost:   O(1); allocates nothing.
 * Special: 1 for lambda = mu = 0: k = 0 is always kept.
 * @example Usage
 * ```ts
 * if (!(largestGain(0.5, -0.53) < 1.001)) throw new Error("grows");
 * if (!(largestGain(1, -1) > 2.9)) throw new Error("does not grow");
 * ```
 */
export function largestGain(lambda: number, mu: number): number {
  const gain = (k: number): number => Math.abs((1 - lambda * k) * (1 - mu * k));
  const flat = (lambda + mu) / (2 * lambda * mu);
  return Math.max(1, gain(2), flat > 0 && flat < 2 ? gain(flat) : 0);
}
