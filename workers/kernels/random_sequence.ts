import { BATCH, drawWords, unit } from "./philox.ts";

/** Random numbers one after another, for what cannot tell beforehand how many it needs.
 * Shapes: returns a function that returns one number per call.
 * Units:  none; uniform in [0, 1), 53 random bits.
 * Method: {@linkcode drawWords} in batches, index by index, the four numbers of each in order.
 * Cost:   O(1) per number, about 5 ns; allocates two arrays of 4 x BATCH words.
 * Special: the same seed and stream give the same numbers, on every machine; one sequence belongs
 *         to one thread, as it goes forward only.
 * @example Usage
 * ```ts
 * const [one, other] = [randomSequence(7, 0), randomSequence(7, 0)];
 * if (one() !== other()) throw new Error("not the same");
 * ```
 */
export function randomSequence(seed: number, stream: number): () => number {
  const high = new Uint32Array(4 * BATCH);
  const low = new Uint32Array(4 * BATCH);
  let next = 0;
  let drawn = 0;
  return () => {
    if (next === drawn) {
      // The draw's own arrays are overwritten by the next draw of whoever.
      const words = drawWords({ seed, stream, draw: 0, first: drawn / 4, count: BATCH, bits: 53 });
      high.set(words.high);
      low.set(words.low);
      drawn += 4 * BATCH;
    }
    const at = (next & 3) * BATCH + ((next >> 2) % BATCH);
    next++;
    return unit(high[at]!, low[at]!);
  };
}
