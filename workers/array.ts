// @deno-types="@types/ndarray"
import ndarray, { type NdArray } from "ndarray";

/** Element types by the name that numpy and ndarray give them. Little-endian everywhere. */
export const DTYPES = {
  float32: { bytes: 4, view: Float32Array },
  float64: { bytes: 8, view: Float64Array },
  int32: { bytes: 4, view: Int32Array },
  uint32: { bytes: 4, view: Uint32Array },
  uint8: { bytes: 1, view: Uint8Array },
} as const;

export type DType = keyof typeof DTYPES;

export type TypedArray =
  | Float32Array<ArrayBufferLike>
  | Float64Array<ArrayBufferLike>
  | Int32Array<ArrayBufferLike>
  | Uint32Array<ArrayBufferLike>
  | Uint8Array<ArrayBufferLike>;

/** The typed array that holds elements of a type. */
export interface ElementsOf {
  float32: Float32Array<ArrayBufferLike>;
  float64: Float64Array<ArrayBufferLike>;
  int32: Int32Array<ArrayBufferLike>;
  uint32: Uint32Array<ArrayBufferLike>;
  uint8: Uint8Array<ArrayBufferLike>;
}

/**
 * An array as it crosses a thread: the raw shared buffer and what it holds, C order.
 *
 * Never put a typed-array *view* into a message: under Deno it costs about 110 ns per element, even over shared memory
 * (a `for..in` over the message), 500 times more than the raw buffer.
 */
export interface ArrayRef {
  buffer: SharedArrayBuffer;
  byteOffset: number;
  dtype: DType;
  shape: readonly number[];
}

/** The arrays' type in operations: ndarray over shared memory. Hot loops go over `.data`. */
export type Array<T extends TypedArray = TypedArray> = NdArray<T>;

/** An array whose elements are of one of these types. */
export type ArrayOf<Type extends DType> = Array<Extract<ElementsOf[Type], TypedArray>>;

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function byteLength(dtype: DType, shape: readonly number[]): number {
  return elementCount(shape) * DTYPES[dtype].bytes;
}

/** Arrays that share a block begin at multiples of this, as vector instructions like it. */
const ALIGNMENT = 16;

/** The bytes that an array takes of a block. */
export function alignedByteLength(dtype: DType, shape: readonly number[]): number {
  return Math.ceil(byteLength(dtype, shape) / ALIGNMENT) * ALIGNMENT;
}

/** The flat elements of `ref`, without a copy. */
export function elementsOf(ref: ArrayRef): TypedArray {
  const View = DTYPES[ref.dtype].view;
  // The constructors take shared buffers; only their union type does not say so.
  return new View(ref.buffer as unknown as ArrayBuffer, ref.byteOffset, elementCount(ref.shape));
}

/** The bytes of `ref`, without a copy. */
export function bytesOf(ref: ArrayRef): Uint8Array<SharedArrayBuffer> {
  return new Uint8Array(ref.buffer, ref.byteOffset, byteLength(ref.dtype, ref.shape));
}

/** `ref` as an ndarray, without a copy. */
export function toNdarray(ref: ArrayRef): Array {
  return ndarray(elementsOf(ref), [...ref.shape]) as unknown as Array;
}

/** `(1000, 3)` */
export function formatShape(shape: readonly (number | string)[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}
