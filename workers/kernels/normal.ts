import { log } from "./elementary.ts";
import { BATCH, type Draw, drawBlock, unit, type Words } from "./philox.ts";

const LAYERS = 256;

/** Where the lowest layer ends and the tail begins; then the top one ends at height 1. */
const TAIL = 3.6541528853610087716;
/** exp(-TAIL^2 / 2) */
const TAIL_HEIGHT = 0.0012602859304985975641;
/** Of each layer, the tail's part of the lowest one included. */
const AREA = 0.0049286732339746553473;

/** Right ends of the layers, from the widest to 0; the lowest as wide as a box of its area. */
const ENDS = new Float64Array(LAYERS + 1);
/** Lower edges of the layers: exp(-ENDS^2 / 2), but 0 for the lowest. */
const HEIGHTS = new Float64Array(LAYERS + 1);

ENDS[0] = AREA / TAIL_HEIGHT;
ENDS[1] = TAIL;
HEIGHTS[1] = TAIL_HEIGHT;
for (let i = 1; i < LAYERS - 1; i++) {
  HEIGHTS[i + 1] = HEIGHTS[i]! + AREA / ENDS[i]!;
  ENDS[i + 1] = Math.sqrt(-2 * log(HEIGHTS[i + 1]!));
}
HEIGHTS[LAYERS] = 1;

/** One of the three numbers of each index of a draw. */
export interface Column extends Draw {
  axis: 0 | 1 | 2;
}

const rejected = new Uint32Array(BATCH);

/** Makes a batch of standard normal numbers of random words.
 * Shapes: out at least (count,) float64, of which the first count are written; words of the same
 *         draw.
 * Units:  none.
 * Method: Marsaglia and Tsang 2000, "The Ziggurat Method for Generating Random Variables",
 *         https://doi.org/10.18637/jss.v005.i08, with 256 layers whose number and position come
 *         from different bits, tails by Marsaglia 1964. One number in a hundred needs more words;
 *         they come from counters that belong to this index, draw and axis alone, so no number
 *         depends on how many others were drawn.
 * Cost:   O(count) time, about 5 ns per number; allocates nothing but for one number in a hundred.
 * Special: multiples of 2^-24 of a layer's width for 32 bits, else of 2^-54; never exactly 0; never
 *         beyond 13.
 * @example Usage
 * ```ts
 * import { drawWords } from "./philox.ts";
 * const column = { seed: 1, stream: 0, draw: 0, first: 0, count: 100, bits: 32, axis: 0 } as const;
 * const out = new Float64Array(100);
 * fillNormals(out, drawWords(column), column);
 * if (!out.every((x) => Math.abs(x) < 13)) throw new Error("too far out");
 * ```
 */
export function fillNormals(out: Float64Array, { high, low }: Words, column: Column): void {
  const { axis, count, bits } = column;
  const plane = axis * BATCH;
  const middle = bits === 32 ? 0.5 : 2 ** -30;
  let rejections = 0;
  // The rare case waits for a loop of its own: a call in this one would make it three times slower.
  for (let i = 0; i < count; i++) {
    const word = high[plane + i]!;
    const layer = word & 0xff;
    const x = ((word >> 8) + (low[plane + i]! >>> 3) * 2 ** -29 + middle) * 2 ** -23 * ENDS[layer]!;
    out[i] = x;
    if (Math.abs(x) >= ENDS[layer + 1]!) rejected[rejections++] = i;
  }
  for (let k = 0; k < rejections; k++) {
    const i = rejected[k]!;
    out[i] = decide(out[i]!, high[plane + i]! & 0xff, column, column.first + i);
  }
}

/** Accepts, or replaces, a number outside of the box that lies wholly under the curve. */
function decide(
  x: number,
  layer: number,
  { seed, stream, draw, axis }: Column,
  index: number,
): number {
  for (let retry = 1 + axis;; retry += 3) {
    const [high, low, first, second] = drawBlock({ seed, stream, draw, index, retry });
    const u = unit(first, second) + 2 ** -54;
    if (layer === 0) {
      const beyond = -log(u) / TAIL;
      const v = -log(unit(high, low) + 2 ** -54);
      if (2 * v > beyond * beyond) return x < 0 ? -TAIL - beyond : TAIL + beyond;
      continue;
    }
    const height = HEIGHTS[layer]! + u * (HEIGHTS[layer + 1]! - HEIGHTS[layer]!);
    if (2 * log(height) < -x * x) return x;
    layer = high & 0xff;
    x = ((high >> 8) + (low >>> 3) * 2 ** -29 + 2 ** -30) * 2 ** -23 * ENDS[layer]!;
    if (Math.abs(x) < ENDS[layer + 1]!) return x;
  }
}
