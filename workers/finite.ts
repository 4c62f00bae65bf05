import { type ArrayRef, elementsOf, type TypedArray } from "./array.ts";
import { OutboardError } from "./errors.ts";
import { kernelsFor } from "./kernels/simd_kernels.ts";
import type { Slice } from "./messages.ts";

/** Fewer elements are looked at one by one. */
const WORTHWHILE = 4096;

/** How many bytes the kernels look at in one go. */
const BLOCK_BYTES = 64;

/** How many elements from `start` on are known to be finite, all at once; the others are to be looked at. */
function finiteAtOnce(elements: TypedArray, start: number, end: number): number {
  const kernels = end - start >= WORTHWHILE ? kernelsFor(elements) : undefined;
  if (kernels === undefined) return 0;
  const perBlock = BLOCK_BYTES / elements.BYTES_PER_ELEMENT;
  const blocks = Math.floor((end - start) / perBlock);
  const allFinite = elements instanceof Float32Array ? kernels.allFinite32 : kernels.allFinite64;
  const address = elements.byteOffset + start * elements.BYTES_PER_ELEMENT;
  return allFinite(address, blocks) === 0 ? 0 : blocks * perBlock;
}

/**
 * Refuses NaN and infinities in the part of an input that this slice reads: its own rows where the input runs along
 * the split dimension, the whole of it otherwise.
 *
 * @throws {OutboardError} INVALID_VALUE, naming the first bad row
 */
export function requireFinite(
  slice: Pick<Slice, "name" | "dimensions" | "range">,
  name: string,
  ref: ArrayRef,
  split: string | undefined,
): void {
  const rows = ref.shape[0] ?? 1;
  const elements = elementsOf(ref);
  if (!(elements instanceof Float32Array || elements instanceof Float64Array)) return;
  const perRow = rows === 0 ? 0 : elements.length / rows;
  const alongSplit = split !== undefined && slice.dimensions[split] === rows;
  const start = perRow * (alongSplit ? slice.range.start : 0);
  const end = perRow * (alongSplit ? slice.range.end : rows);
  for (let i = start + finiteAtOnce(elements, start, end); i < end; i++) {
    const value = elements[i]!;
    // The difference is 0 for every finite number and NaN for the others: half the cost of Number.isFinite.
    if (value - value !== 0) {
      const row = Math.floor(i / perRow);
      throw new OutboardError(
        "INVALID_VALUE",
        `Cannot run '${slice.name}': '${name}' must be finite, row ${row} holds ${value}`,
        { input: name, row, came: String(value) },
      );
    }
  }
}
