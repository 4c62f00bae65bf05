import { kernelsIn } from "./simd_kernels.ts";

/** Blocks of random words made by one call; assembly/ counts on it. */
export const BATCH = 2048;

/** Word p of block i stands at `[p * BATCH + i]`. */
export type Planes = Uint32Array<ArrayBufferLike>;

const PAGE_BYTES = 65_536;
const PLANES_BYTES = 4 * BATCH * 4;
const COLUMN_BYTES = BATCH * 8;
const TABLE_LENGTH = 257;

const COLUMNS_START = 3 * PLANES_BYTES;
const ROWS_START = COLUMNS_START + 3 * COLUMN_BYTES;
const TABLE_START = ROWS_START + 3 * COLUMN_BYTES;
const REJECTED_START = TABLE_START + TABLE_LENGTH * 8;
// Numbers are made in pairs, words in fours: a few more may be noted and read than there are.
const REJECTED_LENGTH = BATCH + 8;
const END = REJECTED_START + REJECTED_LENGTH * 4;

const pages = Math.ceil(END / PAGE_BYTES);
const memory = new WebAssembly.Memory({ shared: true, initial: pages, maximum: pages });
const { buffer } = memory;

/**
 * The kernels over memory of this thread's own: random numbers are made there in batches small enough for the
 * processor's caches, then copied to where they belong, which may be any array.
 */
export const KERNELS = kernelsIn(memory);

/** Three sets of four planes of random words. */
export const PLANES: readonly [Planes, Planes, Planes] = [
  new Uint32Array(buffer, 0, 4 * BATCH),
  new Uint32Array(buffer, PLANES_BYTES, 4 * BATCH),
  new Uint32Array(buffer, 2 * PLANES_BYTES, 4 * BATCH),
];

type Numbers = Float64Array<ArrayBufferLike>;

/** Three columns of numbers, one after the other. */
export const COLUMNS: readonly [Numbers, Numbers, Numbers] = [
  new Float64Array(buffer, COLUMNS_START, BATCH),
  new Float64Array(buffer, COLUMNS_START + COLUMN_BYTES, BATCH),
  new Float64Array(buffer, COLUMNS_START + 2 * COLUMN_BYTES, BATCH),
];

/** The same numbers as rows of three: the same bytes for float32 and float64. */
export const ROWS32 = new Float32Array(buffer, ROWS_START, 3 * BATCH);
export const ROWS64 = new Float64Array(buffer, ROWS_START, 3 * BATCH);

/** Where the layers of the ziggurat end. */
export const LAYER_ENDS = new Float64Array(buffer, TABLE_START, TABLE_LENGTH);

/** Places of numbers that need a second look. */
export const REJECTED = new Uint32Array(buffer, REJECTED_START, REJECTED_LENGTH);
