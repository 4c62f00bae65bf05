import type { Rows } from "./float_array.ts";

/** Rows between two looks at the cancel flag: some milliseconds of work at most. */
const BLOCK = 65_536;

/** Cuts a range of rows into blocks of `size`, and says how far the range is after each. */
export function* blocks(
  { start, end }: Rows,
  size: number = BLOCK,
): Generator<Rows & { fraction: number }> {
  for (let first = start; first < end; first += size) {
    const last = Math.min(first + size, end);
    yield { start: first, end: last, fraction: (last - start) / (end - start) };
  }
}
