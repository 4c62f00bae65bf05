import type { TypedArray } from "../array.ts";
import { OutboardError } from "../errors.ts";

/** The elements of a float32 or float64 array. */
export type FloatArray = Float32Array<ArrayBufferLike> | Float64Array<ArrayBufferLike>;

export type Vector3 = readonly [number, number, number];

/** Rows `start` up to, not including, `end`. */
export interface Rows {
  start: number;
  end: number;
}

/** The elements of an array that its declaration allows to be float32 or float64 only. */
export function toFloats(name: string, elements: TypedArray | undefined): FloatArray {
  if (elements instanceof Float32Array || elements instanceof Float64Array) return elements;
  const got = elements === undefined ? "nothing" : elements.constructor.name;
  throw new OutboardError(
    "INVALID_DTYPE",
    `Cannot read ${name}: wanted float32 or float64, got ${got}`,
  );
}

/** @throws {OutboardError} INVALID_SHAPE if the rows of `width` elements do not lie within. */
export function requireRows(
  name: string,
  elements: FloatArray,
  { width, start, end }: Rows & { width: number },
): void {
  const rows = elements.length / width;
  if (Number.isInteger(rows) && 0 <= start && start <= end && end <= rows) return;
  throw new OutboardError(
    "INVALID_SHAPE",
    `Cannot use rows ${start} to ${end} of ${name}: wanted a multiple of ${width} elements, ` +
      `at least ${width * end}, got ${elements.length}`,
  );
}

const float32 = new Float32Array(1);
const uint32 = new Uint32Array(float32.buffer);

/** The largest float32 below a float32 number. */
export function float32Below(value: number): number {
  if (value === 0) return -(2 ** -149);
  float32[0] = value;
  uint32[0]! += value > 0 ? -1 : 1;
  return float32[0]!;
}

const float64 = new Float64Array(1);
const uint64 = new BigUint64Array(float64.buffer);

/** The largest float64 below a number. */
export function float64Below(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  float64[0] = value;
  uint64[0]! += value > 0 ? -1n : 1n;
  return float64[0]!;
}
