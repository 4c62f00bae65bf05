import { BATCH, KERNELS, PLANES, type Planes } from "./thread_memory.ts";

// Philox 4x32-10's multipliers and the steps of its key.
const CONSTANTS = [0xd2511f53, 0xcd9e8d57, 0x9e3779b9, 0xbb67ae85] as const;

/**
 * Fills `PLANES[target]` with the blocks of `count` counters, the first counter's lowest word going
 * up by one from block to block, or by each of `offsets` in the thread's memory. It goes up without
 * a carry, and blocks are made in fours: up to three past `count` are written too.
 *
 * JavaScript lacks the 32 x 32 -> 64 bit product that the generator is made of; SIMD has four at
 * once and is nine times faster.
 */
export function fillPlanes(
  target: 0 | 1 | 2,
  { counter: [index, c1, c2, c3], offsets, key, count }: {
    counter: readonly [number, number, number, number];
    offsets?: Uint32Array;
    key: readonly [number, number];
    count: number;
  },
): Planes {
  if (!(count >= 1 && count <= BATCH)) {
    throw new RangeError(`Cannot fill random planes: wanted 1 to ${BATCH} blocks, got ${count}`);
  }
  const planes = PLANES[target];
  const address = planes.byteOffset;
  const at = offsets?.byteOffset ?? 0;
  const end = address + 4 * count;
  KERNELS.philox(index, at, c1, c2, c3, ...key, address, end, ...CONSTANTS);
  return planes;
}
