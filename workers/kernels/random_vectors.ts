import { float32Below, float64Below, type FloatArray, type Vector3 } from "./float_array.ts";
import { drawNormals } from "./normal.ts";
import { BATCH, STREAM, unit } from "./philox.ts";
import { COLUMNS, KERNELS, ROWS32, ROWS64 } from "./thread_memory.ts";
import { type Batch, batches, drawnBits, type Seeded } from "./vector_batches.ts";

/** Fills rows with vectors uniform in a box: low <= x < high on each axis.
 * Shapes: out (n, 3) float32 or float64, of which rows start up to end are written.
 * Units:  those of low and high.
 * Method: low + (high - low) u with u in [0, 1) from {@linkcode drawWords}, 32 random bits for
 *         float32 and 53 for float64. Where rounding to the output's type would give high, the
 *         largest number below it is taken.
 * Cost:   O(end - start) time, about 10 ns per float32 vector; allocates nothing that grows with
 *         it.
 * Special: an empty range writes nothing; low = high gives low; high < low and infinite bounds give
 *         nonsense; for float32 the bounds are rounded to float32 first.
 * @throws {OutboardError} INVALID_SHAPE if the rows do not lie within out
 * @example Usage
 * ```ts
 * const out = new Float32Array(300);
 * fillUniform(out, { seed: 1, start: 0, end: 100, low: [0, 0, 0], high: [1, 1, 1] });
 * if (!out.every((x) => x >= 0 && x < 1)) throw new Error("out of the box");
 * ```
 */
export function fillUniform(
  out: FloatArray,
  { low, high, ...rows }: Seeded & { low: Vector3; high: Vector3 },
): void {
  const single = out instanceof Float32Array;
  const bound = (x: number): number => single ? Math.fround(x) : x;
  const top = (axis: 0 | 1 | 2): number => {
    const above = bound(high[axis]);
    if (above === bound(low[axis])) return above;
    return single ? float32Below(above) : float64Below(above);
  };
  const [lx, ly, lz] = [bound(low[0]), bound(low[1]), bound(low[2])];
  const box: Box = {
    low: [lx, ly, lz],
    size: [bound(high[0]) - lx, bound(high[1]) - ly, bound(high[2]) - lz],
    top: [top(0), top(1), top(2)],
  };
  for (const batch of batches(out, rows)) {
    if (out instanceof Float32Array) fillBatchUniform32(out, batch, box);
    else fillBatchUniform64(out, batch, box);
  }
}

interface Box {
  low: Vector3;
  size: Vector3;
  /** The largest numbers allowed. */
  top: Vector3;
}

// The inner loops are functions of their own, and one for each type where that pays: the compiler
// makes up to twice as fast code of them.
function fillBatchUniform32(out: Float32Array, { high, first, count }: Batch, box: Box): void {
  const [lx, ly, lz] = box.low;
  const [sx, sy, sz] = box.size.map((size) => size * 2 ** -32) as [number, number, number];
  const [tx, ty, tz] = box.top;
  for (let i = 0; i < count; i++) {
    const row = 3 * (first + i);
    out[row] = Math.min(tx, lx + sx * high[i]!);
    out[row + 1] = Math.min(ty, ly + sy * high[BATCH + i]!);
    out[row + 2] = Math.min(tz, lz + sz * high[2 * BATCH + i]!);
  }
}

function fillBatchUniform64(
  out: Float64Array,
  { high, low, first, count }: Batch,
  box: Box,
): void {
  const [lx, ly, lz] = box.low;
  const [sx, sy, sz] = box.size;
  const [tx, ty, tz] = box.top;
  for (let i = 0; i < count; i++) {
    const row = 3 * (first + i);
    out[row] = Math.min(tx, lx + sx * unit(high[i]!, low[i]!));
    out[row + 1] = Math.min(ty, ly + sy * unit(high[BATCH + i]!, low[BATCH + i]!));
    out[row + 2] = Math.min(tz, lz + sz * unit(high[2 * BATCH + i]!, low[2 * BATCH + i]!));
  }
}

/** Fills rows with vectors whose three coordinates are independent normal numbers.
 * Shapes: out (n, 3) float32 or float64, of which rows start up to end are written.
 * Units:  those of mean and standardDeviation.
 * Method: mean + standardDeviation times {@linkcode drawNormals} of the words of {@linkcode
 *         drawWords}, 32 random bits for float32 and 53 for float64; no number lies further out
 *         than 13 standard deviations.
 * Cost:   O(end - start) time, about 15 ns per float32 vector; allocates nothing that grows with
 *         it.
 * Special: an empty range writes nothing; standardDeviation = 0 gives mean.
 * @throws {OutboardError} INVALID_SHAPE if the rows do not lie within out
 * @example Usage
 * ```ts
 * const out = new Float32Array(300);
 * fillNormal(out, { seed: 1, start: 0, end: 100, mean: [0, 0, 0], standardDeviation: 2 });
 * if (!out.every((x) => Math.abs(x) < 26)) throw new Error("too far out");
 * ```
 */
export function fillNormal(
  out: FloatArray,
  { mean, standardDeviation, ...rows }: Seeded & { mean: Vector3; standardDeviation: number },
): void {
  const draw = { seed: rows.seed, stream: STREAM.vectors, draw: 0, bits: drawnBits(out) };
  for (const batch of batches(out, rows)) {
    for (const axis of [0, 1, 2] as const) drawNormals(batch, { ...draw, ...batch, axis });
    writeRows(out, batch, mean, standardDeviation);
  }
}

/** Rows of mean + standardDeviation times the numbers in the columns. */
function writeRows(
  out: FloatArray,
  { first, count }: Batch,
  mean: Vector3,
  standardDeviation: number,
): void {
  const toRows = out instanceof Float32Array ? KERNELS.rows32 : KERNELS.rows64;
  const rows = out instanceof Float32Array ? ROWS32 : ROWS64;
  toRows(COLUMNS[0].byteOffset, rows.byteOffset, count, ...mean, standardDeviation);
  out.set(rows.subarray(0, 3 * count), 3 * first);
}
