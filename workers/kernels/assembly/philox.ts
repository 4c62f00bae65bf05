// @ts-nocheck AssemblyScript has types of its own.

/** Bytes from each of a block's four words to the next: as many as a batch has counters, times 4. */
const PLANE = 8192;

/**
 * Philox 4x32-10 for counters (index, c1, c2, c3), (index + 1, c1, c2, c3) and so on, four at once, or with the offsets
 * at `offsets` unless that is 0. Word p of block i goes to `address + PLANE * p + 4 * i`, in steps of four blocks until
 * `end`.
 *
 * The multipliers m0 and m1 and the key's steps w0 and w1 are constants, and yet they come as parameters: the compiler
 * would build literals anew in each round, which takes one and a half times as long.
 */
export function philox(
  index: i32,
  offsets: usize,
  c1: i32,
  c2: i32,
  c3: i32,
  key0: i32,
  key1: i32,
  address: usize,
  end: usize,
  m0: i32,
  m1: i32,
  w0: i32,
  w1: i32,
): void {
  const m0s = i32x4.splat(m0), m1s = i32x4.splat(m1);
  const w0s = i32x4.splat(w0), w1s = i32x4.splat(w1);
  let steps = i32x4(0, 1, 2, 3);
  for (; address < end; address += 16) {
    if (offsets != 0) {
      steps = v128.load(offsets);
      offsets += 16;
    }
    let x0 = i32x4.add(i32x4.splat(index), steps);
    if (offsets == 0) index += 4;
    let x1 = i32x4.splat(c1), x2 = i32x4.splat(c2), x3 = i32x4.splat(c3);
    let k0 = i32x4.splat(key0), k1 = i32x4.splat(key1);
    for (let round = 0; round < 10; round++) {
      const low0 = i64x2.extmul_low_i32x4_u(x0, m0s), high0 = i64x2.extmul_high_i32x4_u(x0, m0s);
      const low1 = i64x2.extmul_low_i32x4_u(x2, m1s), high1 = i64x2.extmul_high_i32x4_u(x2, m1s);
      x0 = v128.xor(v128.xor(v128.shuffle<i32>(low1, high1, 1, 3, 5, 7), x1), k0);
      x2 = v128.xor(v128.xor(v128.shuffle<i32>(low0, high0, 1, 3, 5, 7), x3), k1);
      x1 = v128.shuffle<i32>(low1, high1, 0, 2, 4, 6);
      x3 = v128.shuffle<i32>(low0, high0, 0, 2, 4, 6);
      k0 = i32x4.add(k0, w0s);
      k1 = i32x4.add(k1, w1s);
    }
    v128.store(address, x0, 0);
    v128.store(address, x1, PLANE);
    v128.store(address, x2, 2 * PLANE);
    v128.store(address, x3, 3 * PLANE);
  }
}
