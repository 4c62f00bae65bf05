import { type ArrayRef, elementsOf } from "./array.ts";
import { OutboardError } from "./errors.ts";
import type { Slice } from "./messages.ts";

/**
 * Refuses NaN and infinities in the part of an input that this slice reads: its own rows where the input runs along
 * the split dimension, the whole of it otherwise.
 *
 * @throws {OutboardError} INVALID_VALUE, naming the first bad row
 */
export function requireFinite(
  slice: Slice,
  name: string,
  ref: ArrayRef,
  split: string | undefined,
): void {
  const rows = ref.shape[0] ?? 1;
  const elements = elementsOf(ref);
  const perRow = rows === 0 ? 0 : elements.length / rows;
  const alongSplit = split !== undefined && slice.dimensions[split] === rows;
  const start = alongSplit ? slice.range.start : 0;
  const end = alongSplit ? slice.range.end : rows;
  for (let i = start * perRow; i < end * perRow; i++) {
    const value = elements[i] as number;
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
