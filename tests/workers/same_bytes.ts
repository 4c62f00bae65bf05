import type { TypedArray } from "../../workers/array.ts";

/** Names the first difference; a diff of a hundred thousand numbers would take minutes and say less. */
export function assertSameBytes(actual: TypedArray, expected: TypedArray): void {
  if (actual.constructor !== expected.constructor || actual.length !== expected.length) {
    throw new Error(
      `Wanted ${expected.length} in a ${expected.constructor.name}, ` +
        `got ${actual.length} in a ${actual.constructor.name}`,
    );
  }
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(actual[i], expected[i])) continue;
    throw new Error(`Element ${i}: wanted ${expected[i]}, got ${actual[i]}`);
  }
}
