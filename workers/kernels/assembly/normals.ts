// @ts-nocheck AssemblyScript has types of its own.

/** Bytes from each of three columns of float64 numbers to the next. */
const COLUMN = 16384;

const BITS_23: f64 = 1.1920928955078125e-7; // 2^-23
const BITS_29: f64 = 1.862645149230957e-9; // 2^-29

/** Right end of a word's layer, and of the next layer. */
function ends(table: usize, word: usize): v128 {
  return v128.load(table + (<usize> load<u8>(word) << 3));
}

/**
 * A number of each of `count` words: a layer of the ziggurat by the lowest 8 bits, a place in it by the others, and by
 * the 29 high bits of words at `low` unless that is 0. Two at once, so one more than an odd count is written.
 *
 * @returns how many numbers are not inside of their layer's box; their places stand at `rejected`
 */
export function normals(
  high: usize,
  low: usize,
  out: usize,
  count: i32,
  table: usize,
  rejected: usize,
): i32 {
  const first = rejected;
  const middle = f64x2.splat(low == 0 ? 0.5 : 0.5 * BITS_29);
  for (let i = 0; i < count; i += 2) {
    const words = i32x4.shr_s(v128.load64_zero(high), 8);
    let place = f64x2.convert_low_i32x4_s(words);
    if (low != 0) {
      const fraction = f64x2.convert_low_i32x4_u(i32x4.shr_u(v128.load64_zero(low), 3));
      place = f64x2.add(place, f64x2.mul(fraction, f64x2.splat(BITS_29)));
      low += 8;
    }
    place = f64x2.mul(f64x2.add(place, middle), f64x2.splat(BITS_23));
    const a = ends(table, high), b = ends(table, high + 4);
    const x = f64x2.mul(place, v128.shuffle<f64>(a, b, 0, 2));
    v128.store(out, x);
    const outside = f64x2.ge(f64x2.abs(x), v128.shuffle<f64>(a, b, 1, 3));
    if (v128.any_true(outside)) {
      const bits = i64x2.bitmask(outside);
      store<i32>(rejected, i);
      rejected += (bits & 1) << 2;
      store<i32>(rejected, i + 1);
      rejected += (bits & 2) << 1;
    }
    high += 8;
    out += 16;
  }
  return <i32> ((rejected - first) >> 2);
}

function storePair<T>(address: usize, pair: v128): void {
  if (sizeof<T>() == 4) v128.store64_lane(address, f32x4.demote_f64x2_zero(pair), 0);
  else v128.store(address, pair);
}

/** Two at once, so one row more than an odd count is written. */
function toRows<T>(columns: usize, out: usize, count: i32, x: f64, y: f64, z: f64, by: f64): void {
  const offsetX = f64x2.splat(x), offsetY = f64x2.splat(y), offsetZ = f64x2.splat(z);
  const factor = f64x2.splat(by);
  const step = 2 * sizeof<T>();
  for (; count > 0; count -= 2) {
    const u = f64x2.add(offsetX, f64x2.mul(factor, v128.load(columns, 0)));
    const v = f64x2.add(offsetY, f64x2.mul(factor, v128.load(columns, COLUMN)));
    const w = f64x2.add(offsetZ, f64x2.mul(factor, v128.load(columns, 2 * COLUMN)));
    storePair<T>(out, v128.shuffle<f64>(u, v, 0, 2));
    storePair<T>(out + step, v128.shuffle<f64>(w, u, 0, 3));
    storePair<T>(out + 2 * step, v128.shuffle<f64>(v, w, 1, 3));
    columns += 16;
    out += 3 * step;
  }
}

/** Turns three columns into float32 rows (x, y, z) + by (column 0, column 1, column 2). */
export function rows32(
  columns: usize,
  out: usize,
  count: i32,
  x: f64,
  y: f64,
  z: f64,
  by: f64,
): void {
  toRows<f32>(columns, out, count, x, y, z, by);
}

/** Turns three columns into float64 rows (x, y, z) + by (column 0, column 1, column 2). */
export function rows64(
  columns: usize,
  out: usize,
  count: i32,
  x: f64,
  y: f64,
  z: f64,
  by: f64,
): void {
  toRows<f64>(columns, out, count, x, y, z, by);
}
