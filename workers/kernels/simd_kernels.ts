import type { TypedArray } from "../array.ts";
import { memoryOf } from "./wasm_memory.ts";

/** What assembly/ exports, over one memory. Arrays are given by the address of their first byte. */
export interface SimdKernels {
  /** The upper three rows of a matrix, for the calls that follow. */
  setMatrix(...rows: Twelve): void;
  /** Transforms two points `pairs` times; `target` may be `source`. */
  affine32(source: number, target: number, pairs: number): void;
  affine64(source: number, target: number, pairs: number): void;
  /**
   * Multiplies matrices from the left; `inPlace` keeps the last column but for its translation.
   * Says how many are done: it ends before one whose last row is not 0 0 0 1.
   */
  multiply32(source: number, target: number, count: number, inPlace: boolean): number;
  multiply64(source: number, target: number, count: number, inPlace: boolean): number;
  /** 0 if any of `blocks` times 64 bytes of numbers is not finite. */
  allFinite32(address: number, blocks: number): number;
  allFinite64(address: number, blocks: number): number;
  philox(index: number, ...parameters: Twelve): void;
  normals(
    high: number,
    low: number,
    out: number,
    count: number,
    table: number,
    rejected: number,
  ): number;
  rows32: ToRows;
  rows64: ToRows;
}

// deno-fmt-ignore
export type Twelve = [
  number, number, number, number,
  number, number, number, number,
  number, number, number, number,
];

type ToRows = (
  columns: number,
  out: number,
  count: number,
  ...offsetsAndFactor: [number, number, number, number]
) => void;

let compiled: WebAssembly.Module | undefined;
const instances = new WeakMap<WebAssembly.Memory, SimdKernels>();

/** The kernels over a shared memory, in which they touch nothing but the arrays that they are given. */
export function kernelsIn(memory: WebAssembly.Memory): SimdKernels {
  let kernels = instances.get(memory);
  if (kernels === undefined) {
    compiled ??= new WebAssembly.Module(
      Deno.readFileSync(new URL("./kernels.wasm", import.meta.url)),
    );
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    kernels = exports as unknown as SimdKernels;
    instances.set(memory, kernels);
  }
  return kernels;
}

/** The kernels over the one memory that all these arrays lie in; nothing if they lie elsewhere. */
export function kernelsFor(...arrays: [TypedArray, ...TypedArray[]]): SimdKernels | undefined {
  const [{ buffer }] = arrays;
  const memory = memoryOf(buffer);
  if (memory === undefined || arrays.some((array) => array.buffer !== buffer)) return undefined;
  return kernelsIn(memory);
}
