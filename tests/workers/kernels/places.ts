import type { FloatArray } from "../../../workers/kernels/float_array.ts";
import { rememberMemory } from "../../../workers/kernels/wasm_memory.ts";

/** Puts a copy of an array where the array that the kernel under test works on is to lie. */
export type Put = <Elements extends FloatArray>(array: Elements) => Elements;

const PAGE_BYTES = 65_536;

/** A memory of WebAssembly's that this thread knows. */
export function knownMemory(bytes: number, maximum?: number): WebAssembly.Memory {
  const initial = Math.max(1, Math.ceil(bytes / PAGE_BYTES));
  const memory = new WebAssembly.Memory({ shared: true, initial, maximum: maximum ?? initial });
  rememberMemory(memory);
  return memory;
}

/** All arrays in one memory, each as badly aligned as its type allows. */
function inOneMemory(bytes: number): Put {
  const { buffer } = knownMemory(bytes);
  let next = 0;
  return (array) => {
    const { BYTES_PER_ELEMENT: size, length, constructor } = array;
    const byteOffset = 64 * Math.ceil(next / 64) + size;
    next = byteOffset + array.byteLength;
    const Type = constructor as new (b: ArrayBufferLike, at: number, n: number) => typeof array;
    const placed = new Type(buffer, byteOffset, length);
    placed.set(array);
    return placed;
  };
}

/** Where the arrays lie decides which of two kernels runs: both must pass the same tests. */
export const PLACES: ReadonlyArray<{ kernel: string; place: (bytes?: number) => Put }> = [
  {
    kernel: "plain",
    place: () => (array) => array.slice() as typeof array,
  },
  { kernel: "SIMD", place: (bytes = 2 ** 20) => inOneMemory(bytes) },
];
