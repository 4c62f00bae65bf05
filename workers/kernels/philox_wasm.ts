/**
 * Philox 4x32-10 as WebAssembly, written out here instruction by instruction, so that no build step
 * and no binary file is needed. JavaScript lacks the 32 x 32 -> 64 bit product that the generator
 * is made of; SIMD has four at once and is nine times faster. The text format of each piece stands
 * beside it.
 */

/** Blocks of random words made by one call. */
export const BATCH = 2048;
const PLANE_BYTES = BATCH * 4;
const PAGE_BYTES = 65_536;

type Code = number[];

// Opcodes, by their names in the text format.
const I32_ADD = 0x6a;
const I32_LT_U = 0x49;
const V128_CONST = 12;
const SHUFFLE = 13;
const SPLAT = 17;
const V128_XOR = 81;
const I32X4_ADD = 174;
const EXTMUL_LOW_U = 222;
const EXTMUL_HIGH_U = 223;
const V128_STORE = 11;

// The parameters, then the local variables of the one function.
const [INDEX, COUNTER1, COUNTER2, COUNTER3, KEY0, KEY1, ADDRESS, END] = [0, 1, 2, 3, 4, 5, 6, 7];
const [X0, X1, X2, X3] = [8, 9, 10, 11] as const;
const [LOW0, HIGH0, LOW1, HIGH1] = [12, 13, 14, 15] as const;
const [K0, K1, M0, M1, W0, W1] = [16, 17, 18, 19, 20, 21] as const;
const PARAMETERS = 8;
const LOCALS = 14;

/** An unsigned number in LEB128, WebAssembly's variable-length form. */
function leb(value: number): Code {
  const code: Code = [];
  for (; value > 0x7f; value >>>= 7) code.push((value & 0x7f) | 0x80);
  return [...code, value];
}

const get = (local: number): Code => [0x20, local];
const set = (local: number, value: Code): Code => [...value, 0x21, local];
/** Only for values below 64, where the signed form is one byte. */
const i32 = (value: number): Code => [0x41, value];
const simd = (opcode: number, ...operands: Code[]): Code => [
  ...operands.flat(),
  0xfd,
  ...leb(opcode),
];
const splat = (word: Code): Code => simd(SPLAT, word);
const add = (a: Code, b: Code): Code => simd(I32X4_ADD, a, b);
const xor = (a: Code, b: Code): Code => simd(V128_XOR, a, b);

function words(a: number, b: number, c: number, d: number): Code {
  return [...simd(V128_CONST), ...new Uint8Array(Uint32Array.of(a, b, c, d).buffer)];
}

/** Every second 32-bit lane of two vectors, from lane `first` on. */
function everySecondLane(a: number, b: number, first: 0 | 1): Code {
  const lanes = [first, first + 2, first + 4, first + 6];
  return [
    ...simd(SHUFFLE, get(a), get(b)),
    ...lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]),
  ];
}

/**
 * One round on four counters at once: (x0, x1, x2, x3) <- (hi(M1 x2)^x1^k0, lo(M1 x2), hi(M0
 * x0)^x3^k1, lo(M0 x0)).
 */
const ROUND: Code = [
  ...set(LOW0, simd(EXTMUL_LOW_U, get(X0), get(M0))),
  ...set(HIGH0, simd(EXTMUL_HIGH_U, get(X0), get(M0))),
  ...set(LOW1, simd(EXTMUL_LOW_U, get(X2), get(M1))),
  ...set(HIGH1, simd(EXTMUL_HIGH_U, get(X2), get(M1))),
  ...set(X0, xor(xor(everySecondLane(LOW1, HIGH1, 1), get(X1)), get(K0))),
  ...set(X2, xor(xor(everySecondLane(LOW0, HIGH0, 1), get(X3)), get(K1))),
  ...set(X1, everySecondLane(LOW1, HIGH1, 0)),
  ...set(X3, everySecondLane(LOW0, HIGH0, 0)),
  ...set(K0, add(get(K0), get(W0))),
  ...set(K1, add(get(K1), get(W1))),
];

function storePlane(plane: number, value: number): Code {
  return [...get(ADDRESS), ...get(value), 0xfd, V128_STORE, 4, ...leb(plane * PLANE_BYTES)];
}

// The constants live in variables: as literals the compiler would build them anew in each round.
const BODY: Code = [
  ...set(M0, words(0xd2511f53, 0xd2511f53, 0xd2511f53, 0xd2511f53)),
  ...set(M1, words(0xcd9e8d57, 0xcd9e8d57, 0xcd9e8d57, 0xcd9e8d57)),
  ...set(W0, words(0x9e3779b9, 0x9e3779b9, 0x9e3779b9, 0x9e3779b9)),
  ...set(W1, words(0xbb67ae85, 0xbb67ae85, 0xbb67ae85, 0xbb67ae85)),
  ...[0x03, 0x40], // loop
  ...set(X0, add(splat(get(INDEX)), words(0, 1, 2, 3))),
  ...set(X1, splat(get(COUNTER1))),
  ...set(X2, splat(get(COUNTER2))),
  ...set(X3, splat(get(COUNTER3))),
  ...set(K0, splat(get(KEY0))),
  ...set(K1, splat(get(KEY1))),
  ...Array.from({ length: 10 }, () => ROUND).flat(),
  ...[X0, X1, X2, X3].flatMap((value, plane) => storePlane(plane, value)),
  ...set(INDEX, [...get(INDEX), ...i32(4), I32_ADD]),
  ...set(ADDRESS, [...get(ADDRESS), ...i32(16), I32_ADD]),
  ...[...get(ADDRESS), ...get(END), I32_LT_U, 0x0d, 0], // br_if 0
  0x0b, // end
];

const FUNCTION: Code = [1, LOCALS, 0x7b, ...BODY, 0x0b]; // 14 locals of type v128

function section(id: number, content: Code): Code {
  return [id, ...leb(content.length), ...content];
}

/** Three sets of four planes of words. */
const MEMORY_BYTES = 3 * 4 * PLANE_BYTES;

const MODULE = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
  ...section(1, [1, 0x60, PARAMETERS, ...Array<number>(PARAMETERS).fill(0x7f), 0]), // all i32
  ...section(3, [1, 0]),
  ...section(5, [1, 0, ...leb(Math.ceil(MEMORY_BYTES / PAGE_BYTES))]), // (memory ...)
  ...section(7, [2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0]), // (export "m" (memory 0)) (export "f" (func 0))
  ...section(10, [1, ...leb(FUNCTION.length), ...FUNCTION]),
]);

const { m, f } = new WebAssembly.Instance(new WebAssembly.Module(MODULE)).exports;
const { buffer } = m as WebAssembly.Memory;
const run = f as (
  ...parameters: [number, number, number, number, number, number, number, number]
) => void;

/** Word p of block i stands at `[p * BATCH + i]`. */
export type Planes = Uint32Array<ArrayBufferLike>;

/** The memory that `fillPlanes` writes to. Each thread has its own, as each loads this module. */
export const PLANES: readonly [Planes, Planes, Planes] = [
  new Uint32Array(buffer, 0, 4 * BATCH),
  new Uint32Array(buffer, 4 * PLANE_BYTES, 4 * BATCH),
  new Uint32Array(buffer, 8 * PLANE_BYTES, 4 * BATCH),
];

/**
 * Fills `PLANES[target]` with the blocks of `count` counters, the first counter's lowest word going
 * up by one from block to block. It goes up without a carry and in steps of four, so up to three
 * blocks past `count` are written too.
 */
export function fillPlanes(
  target: 0 | 1 | 2,
  { counter, key, count }: {
    counter: readonly [number, number, number, number];
    key: readonly [number, number];
    count: number;
  },
): Planes {
  if (!(count >= 1 && count <= BATCH)) {
    throw new RangeError(`Cannot fill random planes: wanted 1 to ${BATCH} blocks, got ${count}`);
  }
  const address = target * 4 * PLANE_BYTES;
  const [c0, c1, c2, c3] = counter;
  const [k0, k1] = key;
  run(c0, c1, c2, c3, k0, k1, address, address + 4 * count);
  return PLANES[target];
}
