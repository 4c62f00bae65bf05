import { type ArrayRef, elementCount, elementsOf } from "./array.ts";
import { OutboardError } from "./errors.ts";

/** Nested lists of numbers, as in `[[0, 0, 0], [1, 1, 1]]`, or a single number. */
export type PlainArray = number | PlainArray[];

/** `ref` as nested lists. */
export function toPlain(ref: ArrayRef): PlainArray {
  const elements = elementsOf(ref);
  let next = 0;
  const build = (depth: number): PlainArray => {
    if (depth === ref.shape.length) return elements[next++] as number;
    return Array.from({ length: ref.shape[depth] as number }, () => build(depth + 1));
  };
  return build(0);
}

/** @throws {OutboardError} TOO_LARGE when an output has more numbers than an answer in plain JSON may have */
export function requirePlainSize(name: string, shape: readonly number[], maxNumbers: number): void {
  // The lists count too: an array of a million empty rows has no numbers.
  const numbers = elementCount(shape.map((size) => Math.max(1, size)));
  if (numbers <= maxNumbers) return;
  throw new OutboardError(
    "TOO_LARGE",
    `Cannot answer '${name}' as plain JSON: it has ${numbers} numbers, the limit is ` +
      `${maxNumbers}; ask for "arrays": "binary"`,
    { array: name, limit: maxNumbers, came: numbers },
  );
}

/**
 * The outputs as the text of a JSON object. JSON has no NaN and no infinities: they become null.
 *
 * @throws {OutboardError} TOO_LARGE when one has more than `maxNumbers`
 */
export function plainOutputs(outputs: Record<string, ArrayRef>, maxNumbers: number): string {
  const texts = Object.entries(outputs).map(([name, ref]) => {
    requirePlainSize(name, ref.shape, maxNumbers);
    return `${JSON.stringify(name)}:${JSON.stringify(toPlain(ref))}`;
  });
  return `{${texts.join()}}`;
}
