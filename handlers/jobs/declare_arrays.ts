import type { ArrayRef } from "../../workers/array.ts";

/** `{"$array": {...}}` for each output, whose bytes go under the id that is given for it. */
export function declareArrays(
  outputs: Record<string, ArrayRef>,
  ids: Record<string, number>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { dtype, shape }]) => [
      name,
      { $array: { id: ids[name], dtype, shape } },
    ]),
  );
}
