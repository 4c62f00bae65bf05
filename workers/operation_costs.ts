import { byteLength } from "./array.ts";
import type { Slice } from "./messages.ts";

/** What takes less, in ms, is small. */
const SMALL_MS = 0.2;

/** How much a new time counts in a mean. */
const WEIGHT = 1 / 8;

/** Sizes that differ by less than this factor count as one. */
const SIZE_FACTOR = 2;

function keyOf({ name, inputs, outputs }: Slice): string {
  let bytes = 1;
  for (const { dtype, shape } of Object.values(inputs)) bytes += byteLength(dtype, shape);
  for (const { dtype, shape } of Object.values(outputs)) bytes += byteLength(dtype, shape);
  return `${name} ${Math.floor(Math.log2(bytes) / Math.log2(SIZE_FACTOR))}`;
}

/** Running means of what operations take, by the size of their arrays. */
export class OperationCosts {
  readonly #means = new Map<string, number>();

  learn(slice: Slice, ms: number): void {
    const key = keyOf(slice);
    const mean = this.#means.get(key) ?? ms;
    this.#means.set(key, mean + (ms - mean) * WEIGHT);
  }

  /** What a slice will probably take, in ms, if it is known to be small. */
  ofSmall(slice: Slice): number | undefined {
    const mean = this.#means.get(keyOf(slice));
    return mean !== undefined && mean < SMALL_MS ? mean : undefined;
  }
}
