import { log } from "./elementary.ts";
import { type Draw, drawAgain, unit, type Words } from "./philox.ts";
import { BATCH, COLUMNS, KERNELS, LAYER_ENDS, REJECTED } from "./thread_memory.ts";

const LAYERS = 256;

/** Where the lowest layer ends and the tail begins; then the top one ends at height 1. */
const TAIL = 3.6541528853610087716;
/** exp(-TAIL^2 / 2) */
const TAIL_HEIGHT = 0.0012602859304985975641;
/** Of each layer, the tail's part of the lowest one included. */
const AREA = 0.0049286732339746553473;

/** Right ends of the layers, from the widest to 0; the lowest as wide as a box of its area. */
const ENDS = LAYER_ENDS;
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

/** Makes a batch of standard normal numbers of random words.
 * Shapes: words as {@linkcode drawWords} left them for the same draw. Returns (count,) float64; the
 *         next call for the same axis overwrites them.
 * Units:  none.
 * Method: Marsaglia and Tsang 2000, "The Ziggurat Method for Generating Random Variables",
 *         https://doi.org/10.18637/jss.v005.i08, with 256 layers whose number and position come
 *         from different bits, tails by Marsaglia 1964. One number in a hundred needs more words;
 *         they come from counters that belong to this index, draw and axis alone, so no number
 *         depends on how many others were drawn.
 * Cost:   O(count) time, about 2 ns per number; allocates nothing but for one number in a hundred.
 * Special: multiples of 2^-24 of a layer's width for 32 bits, else of 2^-54; never exactly 0; never
 *         beyond 13.
 * @example Usage
 * ```ts
 * import { drawWords } from "./philox.ts";
 * const column = { seed: 1, stream: 0, draw: 0, first: 0, count: 100, bits: 32, axis: 0 } as const;
 * const numbers = drawNormals(drawWords(column), column);
 * if (!numbers.every((x) => Math.abs(x) < 13)) throw new Error("too far out");
 * ```
 */
export function drawNormals({ high, low }: Words, column: Column): Float64Array {
  const { axis, count, bits } = column;
  const numbers = COLUMNS[axis];
  const plane = axis * BATCH;
  const rejections = KERNELS.normals(
    high.byteOffset + 4 * plane,
    bits === 32 ? 0 : low.byteOffset + 4 * plane,
    numbers.byteOffset,
    count,
    LAYER_ENDS.byteOffset,
    REJECTED.byteOffset,
  );
  for (let k = 0; k < rejections; k++) layers[k] = high[plane + REJECTED[k]!]! & 0xff;
  // The last pair's second number may be one too many.
  const last = rejections > 0 && REJECTED[rejections - 1]! >= count ? 1 : 0;
  decide(numbers, column, rejections - last);
  return numbers.subarray(0, count);
}

const layers = new Uint8Array(BATCH + 2);

/**
 * Accepts, or replaces, numbers outside of the box that lies wholly under the curve: the first `pending` of `REJECTED`,
 * in `layers`. What one further draw does not decide waits for the next.
 */
function decide(numbers: Float64Array, column: Column, pending: number): void {
  for (let retry = 1 + column.axis; pending > 0; retry += 3) {
    const words = drawAgain(column, { retry, offsets: REJECTED, count: pending });
    let left = 0;
    for (let k = 0; k < pending; k++) {
      const i = REJECTED[k]!;
      const layer = layers[k]!;
      const x = numbers[i]!;
      const [high, low] = [words[k]!, words[BATCH + k]!];
      const u = unit(words[2 * BATCH + k]!, words[3 * BATCH + k]!) + 2 ** -54;
      if (layer === 0) {
        const beyond = -log(u) / TAIL;
        const v = -log(unit(high, low) + 2 ** -54);
        if (2 * v > beyond * beyond) {
          numbers[i] = x < 0 ? -TAIL - beyond : TAIL + beyond;
          continue;
        }
      } else {
        const height = HEIGHTS[layer]! + u * (HEIGHTS[layer + 1]! - HEIGHTS[layer]!);
        if (2 * log(height) < -x * x) continue;
        const next = high & 0xff;
        numbers[i] = ((high >> 8) + (low >>> 3) * 2 ** -29 + 2 ** -30) * 2 ** -23 * ENDS[next]!;
        if (Math.abs(numbers[i]!) < ENDS[next + 1]!) continue;
        layers[k] = next;
      }
      layers[left] = layers[k]!;
      REJECTED[left++] = i;
    }
    pending = left;
  }
}
