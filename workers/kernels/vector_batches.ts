import { type FloatArray, requireRows, type Rows } from "./float_array.ts";
import { BATCH, drawWords, STREAM, type Words } from "./philox.ts";

export interface Seeded extends Rows {
  /** 0 to 2^53 - 1. */
  seed: number;
}

export interface Batch extends Words {
  first: number;
  count: number;
}

/** Random bits behind each number of an array. */
export function drawnBits(out: FloatArray): 32 | 53 {
  return out instanceof Float32Array ? 32 : 53;
}

/**
 * The vectors' random words, batch by batch. Vector i has numbers of its own, found by i and the
 * seed alone.
 */
export function* batches(out: FloatArray, { seed, start, end }: Seeded): Generator<Batch> {
  requireRows("the vectors", out, { width: 3, start, end });
  const bits = drawnBits(out);
  for (let first = start; first < end; first += BATCH) {
    const count = Math.min(BATCH, end - first);
    const words = drawWords({ seed, stream: STREAM.vectors, draw: 0, first, count, bits });
    yield { first, count, ...words };
  }
}
