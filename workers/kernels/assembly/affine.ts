// @ts-nocheck AssemblyScript has types of its own.

// The matrix lives in globals: the memory belongs to the job's arrays and has no room for it.
let xx: f64, xy: f64, xz: f64, xt: f64;
let yx: f64, yy: f64, yz: f64, yt: f64;
let zx: f64, zy: f64, zz: f64, zt: f64;

// deno-fmt-ignore
export function setMatrix(
  a: f64, b: f64, c: f64, d: f64,
  e: f64, f: f64, g: f64, h: f64,
  i: f64, j: f64, k: f64, l: f64,
): void {
  xx = a; xy = b; xz = c; xt = d;
  yx = e; yy = f; yz = g; yt = h;
  zx = i; zy = j; zz = k; zt = l;
}

/** Two neighbouring numbers of an array, as float64. */
function loadPair<T>(address: usize): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(address)) : v128.load(address);
}

function storePair<T>(address: usize, pair: v128): void {
  if (sizeof<T>() == 4) v128.store64_lane(address, f32x4.demote_f64x2_zero(pair), 0);
  else v128.store(address, pair);
}

/** a x + b y + c z, added up from the left as the plain loops do. */
function combine(a: v128, b: v128, c: v128, x: v128, y: v128, z: v128): v128 {
  return f64x2.add(f64x2.add(f64x2.mul(a, x), f64x2.mul(b, y)), f64x2.mul(c, z));
}

function transform<T>(source: usize, target: usize, pairs: i32): void {
  const a = f64x2.splat(xx), b = f64x2.splat(xy), c = f64x2.splat(xz), d = f64x2.splat(xt);
  const e = f64x2.splat(yx), f = f64x2.splat(yy), g = f64x2.splat(yz), h = f64x2.splat(yt);
  const i = f64x2.splat(zx), j = f64x2.splat(zy), k = f64x2.splat(zz), l = f64x2.splat(zt);
  const step = 2 * sizeof<T>();
  for (; pairs > 0; pairs--) {
    const first = loadPair<T>(source); // x y of the one point
    const middle = loadPair<T>(source + step); // its z, x of the other
    const last = loadPair<T>(source + 2 * step); // y z of the other
    const x = v128.shuffle<f64>(first, middle, 0, 3);
    const y = v128.shuffle<f64>(first, last, 1, 2);
    const z = v128.shuffle<f64>(middle, last, 0, 3);
    const u = f64x2.add(combine(a, b, c, x, y, z), d);
    const v = f64x2.add(combine(e, f, g, x, y, z), h);
    const w = f64x2.add(combine(i, j, k, x, y, z), l);
    storePair<T>(target, v128.shuffle<f64>(u, v, 0, 2));
    storePair<T>(target + step, v128.shuffle<f64>(w, u, 0, 3));
    storePair<T>(target + 2 * step, v128.shuffle<f64>(v, w, 1, 3));
    source += 3 * step;
    target += 3 * step;
  }
}

/** Transforms `pairs` times two float32 points by the matrix that was set. */
export function affine32(source: usize, target: usize, pairs: i32): void {
  transform<f32>(source, target, pairs);
}

/** Transforms `pairs` times two float64 points by the matrix that was set. */
export function affine64(source: usize, target: usize, pairs: i32): void {
  transform<f64>(source, target, pairs);
}

/** Whether a matrix's last row is 0 0 0 1. */
function isAffine(low: v128, high: v128): bool {
  return v128.all_true<i64>(
    v128.and(f64x2.eq(low, f64x2(0, 0)), f64x2.eq(high, f64x2(0, 1))),
  );
}

function multiply<T>(source: usize, target: usize, count: i32, inPlace: bool): i32 {
  const a = f64x2.splat(xx), b = f64x2.splat(xy), c = f64x2.splat(xz), d = f64x2.splat(xt);
  const e = f64x2.splat(yx), f = f64x2.splat(yy), g = f64x2.splat(yz), h = f64x2.splat(yt);
  const i = f64x2.splat(zx), j = f64x2.splat(zy), k = f64x2.splat(zz), l = f64x2.splat(zt);
  const step = 2 * sizeof<T>();
  // The plain loop adds a random offset, here 0, to the last column, which unsigns its zeros.
  const offset = f64x2(-0.0, 0);
  for (let done = 0; done < count; done++) {
    const w = loadPair<T>(source + 6 * step), w2 = loadPair<T>(source + 7 * step);
    if (!isAffine(w, w2)) return done;
    const x = loadPair<T>(source), x2 = loadPair<T>(source + step);
    const y = loadPair<T>(source + 2 * step), y2 = loadPair<T>(source + 3 * step);
    const z = loadPair<T>(source + 4 * step), z2 = loadPair<T>(source + 5 * step);
    let p = combine(a, b, c, x2, y2, z2);
    let q = combine(e, f, g, x2, y2, z2);
    let r = combine(i, j, k, x2, y2, z2);
    if (inPlace) {
      p = v128.shuffle<f64>(p, x2, 0, 3);
      q = v128.shuffle<f64>(q, y2, 0, 3);
      r = v128.shuffle<f64>(r, z2, 0, 3);
    }
    storePair<T>(target, f64x2.add(combine(a, b, c, x, y, z), f64x2.mul(d, w)));
    storePair<T>(target + step, f64x2.add(f64x2.add(p, f64x2.mul(d, w2)), offset));
    storePair<T>(target + 2 * step, f64x2.add(combine(e, f, g, x, y, z), f64x2.mul(h, w)));
    storePair<T>(target + 3 * step, f64x2.add(f64x2.add(q, f64x2.mul(h, w2)), offset));
    storePair<T>(target + 4 * step, f64x2.add(combine(i, j, k, x, y, z), f64x2.mul(l, w)));
    storePair<T>(target + 5 * step, f64x2.add(f64x2.add(r, f64x2.mul(l, w2)), offset));
    storePair<T>(target + 6 * step, w);
    storePair<T>(target + 7 * step, w2);
    source += 8 * step;
    target += 8 * step;
  }
  return count;
}

/**
 * Multiplies float32 matrices from the left by the one that was set; `inPlace` leaves the last column but for its
 * translation.
 *
 * @returns how many are done: it ends before a matrix whose last row is not 0 0 0 1
 */
export function multiply32(source: usize, target: usize, count: i32, inPlace: bool): i32 {
  return multiply<f32>(source, target, count, inPlace);
}

/** {@link multiply32} for float64 matrices. */
export function multiply64(source: usize, target: usize, count: i32, inPlace: bool): i32 {
  return multiply<f64>(source, target, count, inPlace);
}
