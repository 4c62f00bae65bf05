import { fillPlanes } from "./philox_planes.ts";
import { BATCH, type Planes } from "./thread_memory.ts";

export { BATCH };

/** Independent sequences under one seed, so that two operations never share numbers. */
export const STREAM = {
  vectors: 0,
  objects: 1,
  noise: 16,
  scatter: 32,
  occlusion: 64,
  layout: 65,
  embedding: 66,
} as const;

export interface Draw {
  /** 0 to 2^53 - 1. */
  seed: number;
  /** One of `STREAM`. */
  stream: number;
  /** Which four numbers of each index: 0 for the first four, 1 for the next. */
  draw: number;
  /** The first index. */
  first: number;
  /** How many indexes, 1 to `BATCH`. */
  count: number;
  /** Random bits per number: 32, enough for float32, or 53, all of a float64. */
  bits: 32 | 53;
}

/** Number p of index `first + i` is made of `high[p * BATCH + i]` and `low[p * BATCH + i]`. */
export interface Words {
  high: Planes;
  low: Planes;
}

const NO_LOW_WORDS: Planes = new Uint32Array(4 * BATCH);

/** Where the low words of a draw stand among the counters: far behind all draws. */
const LOW_WORDS = 0x8000_0000;

function keyOf(seed: number): readonly [number, number] {
  return [seed % 0x1_0000_0000, Math.floor(seed / 0x1_0000_0000)];
}

/** Draws four random numbers for each of a batch of indexes, as pairs of words for
 * {@linkcode unit}.
 * Shapes: returns two planar (4, BATCH) uint32 arrays, of which columns 0 up to count are meant;
 *         the next call overwrites them.
 * Units:  words, uniform over all 2^32 values; low words are zero for 32 bits.
 * Method: Philox 4x32-10, Salmon, Moraes, Dror and Shaw 2011, "Parallel Random Numbers: As Easy as
 *         1, 2, 3", https://doi.org/10.1145/2063384.2063405. Counter (index, draw, stream, retry),
 *         key (seed mod 2^32, seed div 2^32): a number depends on nothing but these, so any part
 *         of a sequence can be drawn by any thread. The words agree with the authors' known-answer
 *         vectors. Integers only: the same on every machine.
 * Cost:   O(count) time, about 6 ns per index for 32 bits and 12 for 53; allocates nothing.
 * Special: count = 0 is refused; indexes from 2^32 on repeat.
 * @throws {RangeError} If count is not 1 to BATCH
 * @example Usage
 * ```ts
 * const { high, low } = drawWords({ seed: 7, stream: 0, draw: 0, first: 0, count: 1, bits: 53 });
 * const number = unit(high[0]!, low[0]!);
 * if (!(number >= 0 && number < 1)) throw new Error("not in [0, 1)");
 * ```
 */
export function drawWords({ seed, stream, draw, first, count, bits }: Draw): Words {
  const key = keyOf(seed);
  const high = fillPlanes(0, { counter: [first, draw, stream, 0], key, count });
  if (bits === 32) return { high, low: NO_LOW_WORDS };
  return {
    high,
    low: fillPlanes(1, { counter: [first, draw + LOW_WORDS, stream, 0], key, count }),
  };
}

/** Draws the four words of one further try for an index, without touching those of
 * {@linkcode drawWords}.
 * Shapes: returns four uint32 words.
 * Units:  words, uniform over all 2^32 values.
 * Method: as {@linkcode drawWords}, which has retry 0.
 * Cost:   O(1), about 50 ns; allocates the result.
 * Special: indexes from 2^32 on repeat.
 * @example Usage
 * ```ts
 * const words = drawBlock({ seed: 7, stream: 0, draw: 0, index: 0, retry: 1 });
 * if (words.length !== 4) throw new Error("not four");
 * ```
 */
export function drawBlock(
  { seed, stream, draw, index, retry }: Pick<Draw, "seed" | "stream" | "draw"> & {
    index: number;
    retry: number;
  },
): [number, number, number, number] {
  const planes = fillPlanes(2, {
    counter: [index, draw, stream, retry],
    key: keyOf(seed),
    count: 1,
  });
  return [planes[0]!, planes[BATCH]!, planes[2 * BATCH]!, planes[3 * BATCH]!];
}

/** Draws the words of one further try for some indexes of a batch, without touching those of
 * {@linkcode drawWords}.
 * Shapes: offsets at least (count,) uint32 in the thread's memory; returns planar (4, BATCH) uint32,
 *         of which columns 0 up to count are meant; the next call overwrites them.
 * Units:  offsets in indexes from the batch's first; words uniform over all 2^32 values.
 * Method: as {@linkcode drawWords}, which has retry 0.
 * Cost:   O(count) time, about 6 ns per index; allocates nothing.
 * Special: count = 0 is refused; indexes from 2^32 on repeat.
 * @throws {RangeError} If count is not 1 to BATCH
 * @example Usage
 * ```ts
 * import { REJECTED } from "./thread_memory.ts";
 * REJECTED[0] = 17;
 * const batch = { seed: 7, stream: 0, draw: 0, first: 100 };
 * const [word] = drawAgain(batch, { retry: 1, offsets: REJECTED, count: 1 });
 * const [same] = drawBlock({ ...batch, index: 117, retry: 1 });
 * if (word !== same) throw new Error("not the word of index 117");
 * ```
 */
export function drawAgain(
  { seed, stream, draw, first }: Pick<Draw, "seed" | "stream" | "draw" | "first">,
  { retry, offsets, count }: { retry: number; offsets: Uint32Array; count: number },
): Planes {
  return fillPlanes(2, { counter: [first, draw, stream, retry], offsets, key: keyOf(seed), count });
}

/** Makes a number in [0, 1) of two random words.
 * Shapes: scalars.
 * Units:  none.
 * Method: the 32 high bits and the upper 21 of the low word, as multiples of 2^-53; exact.
 * Cost:   O(1); allocates nothing.
 * Special: (0, 0) gives 0; the largest result is 1 - 2^-53.
 * @example Usage
 * ```ts
 * if (unit(0x8000_0000, 0) !== 0.5) throw new Error("not the middle");
 * ```
 */
export function unit(high: number, low: number): number {
  return high * 2.3283064365386963e-10 + (low >>> 11) * 1.1102230246251565e-16;
}
