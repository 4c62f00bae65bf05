import { type ArrayRef, type DType, DTYPES, elementsOf } from "../../workers/array.ts";
import { formatValue } from "../../workers/issues.ts";
import type { PlainArray } from "../../workers/plain_outputs.ts";

/** Deeper lists are no arrays but an attempt to exhaust the stack. */
const MAX_RANK = 8;

/** The shape of nested lists, or what is wrong with them. */
export function plainShape(value: unknown): number[] | string {
  const shape: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0]) {
    if (shape.length === MAX_RANK) return `wanted at most ${MAX_RANK} levels of lists, got more`;
    shape.push(level.length);
  }
  const wrong = (item: unknown, depth: number): string | undefined => {
    if (depth === shape.length) {
      return typeof item === "number" ? undefined : `wanted numbers, got ${formatValue(item)}`;
    }
    if (!Array.isArray(item)) return `wanted lists of equal depth, got ${formatValue(item)}`;
    if (item.length !== shape[depth]) {
      return `wanted lists of equal length, got ${item.length} beside ${shape[depth]}`;
    }
    for (const inner of item) {
      const fault = wrong(inner, depth + 1);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
  return wrong(value, 0) ?? shape;
}

/** The first number that an element of type `dtype` cannot hold: 300 or 1.5 as uint8, 1e39 as float32. */
export function firstMisfit(value: PlainArray, dtype: DType): number | undefined {
  const cell = new DTYPES[dtype].view(1);
  const isInteger = !dtype.startsWith("float");
  const find = (item: PlainArray): number | undefined => {
    if (typeof item !== "number") {
      for (const inner of item) {
        const misfit = find(inner);
        if (misfit !== undefined) return misfit;
      }
      return undefined;
    }
    cell[0] = item;
    const fits = isInteger ? cell[0] === item : Number.isFinite(cell[0]) || !Number.isFinite(item);
    return fits ? undefined : item;
  };
  return find(value);
}

/** Writes nested lists into `ref`, whose shape must be theirs. */
export function fillFromPlain(ref: ArrayRef, value: PlainArray): void {
  const elements = elementsOf(ref);
  let next = 0;
  const fill = (item: PlainArray): void => {
    if (typeof item === "number") elements[next++] = item;
    else item.forEach(fill);
  };
  fill(value);
}
