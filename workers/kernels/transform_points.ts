import { OutboardError } from "../errors.ts";
import { type FloatArray, requireRows, type Rows } from "./float_array.ts";
import { kernelsFor, type Twelve } from "./simd_kernels.ts";

interface Options extends Rows {
  /** One matrix for all points, or one each. */
  matrices: FloatArray;
}

/** Transforms points by one 4 x 4 matrix, or each by its own.
 * Shapes: points (n, 3) float32 or float64; matrices (4, 4) or (n, 4, 4) float32 or float64,
 *         row-major, for column vectors; out as points, of which rows start up to end are written.
 * Units:  those of points and matrices.
 * Method: (x, y, z, w) = M (px, py, pz, 1), the result (x, y, z) / w; all in float64, rounded once
 *         to the output's type.
 * Cost:   O(end - start) time, about 5 ns per point; allocates nothing; inputs are not modified
 *         unless out is points.
 * Special: an empty range writes nothing; NaN and infinities spread by the rules of IEEE 754, and
 *         what is too large for float32 becomes infinite; w = 0 is an error; out may be points.
 * @throws {OutboardError} INVALID_SHAPE if lengths do not agree
 * @throws {OutboardError} INVALID_VALUE if w is 0 for a point; `data.row` names it
 * @example Usage
 * ```ts
 * const points = Float32Array.of(1, 2, 3);
 * const matrices = Float32Array.of(1, 0, 0, 10, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
 * transformPoints(points, points, { matrices, start: 0, end: 1 });
 * if (points[0] !== 11) throw new Error("not moved");
 * ```
 */
export function transformPoints(points: FloatArray, out: FloatArray, options: Options): void {
  const { matrices, start, end } = options;
  requireRows("the points", points, { width: 3, start, end });
  requireRows("the transformed points", out, { width: 3, start, end });
  if (matrices.length !== 16) requireRows("the matrices", matrices, { width: 16, start, end });
  const [a, b, c, d] = matrices.subarray(12, 16);
  const single = matrices.length === 16;
  if (single && a === 0 && b === 0 && c === 0 && d === 1) {
    const done = transformPairs(points, out, options);
    transformFlat(points, out, { matrices, start: done, end });
  } else transformEach(points, out, { ...options, stride: single ? 0 : 16 });
}

/** Fewer rows are done by the plain loop before a memory's kernels are found or made. */
const WORTHWHILE = 1024;

/**
 * As {@linkcode transformFlat}, two points at once by the same sums in the same order, so to the same bits. It asks for
 * points and results of one type in one memory of WebAssembly's.
 *
 * @returns the first row that is left to the plain loop
 */
function transformPairs(points: FloatArray, out: FloatArray, { matrices, start, end }: Options) {
  const alike = points.BYTES_PER_ELEMENT === out.BYTES_PER_ELEMENT;
  const kernels = alike && end - start >= WORTHWHILE ? kernelsFor(points, out) : undefined;
  if (kernels === undefined) return start;
  kernels.setMatrix(...[...matrices.subarray(0, 12)] as Twelve);
  const first = 3 * start * points.BYTES_PER_ELEMENT;
  const pairs = Math.floor((end - start) / 2);
  const affine = points instanceof Float32Array ? kernels.affine32 : kernels.affine64;
  affine(points.byteOffset + first, out.byteOffset + first, pairs);
  return start + 2 * pairs;
}

/** One matrix whose last row is 0 0 0 1, so that w is 1 throughout. */
function transformFlat(points: FloatArray, out: FloatArray, { matrices, start, end }: Options) {
  const [xx, xy, xz, xt, yx, yy, yz, yt, zx, zy, zz, zt] = Float64Array.from(matrices);
  for (let i = 3 * start; i < 3 * end; i += 3) {
    const x = points[i]!;
    const y = points[i + 1]!;
    const z = points[i + 2]!;
    out[i] = xx! * x + xy! * y + xz! * z + xt!;
    out[i + 1] = yx! * x + yy! * y + yz! * z + yt!;
    out[i + 2] = zx! * x + zy! * y + zz! * z + zt!;
  }
}

/** Any matrices, `stride` elements apart. */
function transformEach(
  points: FloatArray,
  out: FloatArray,
  { matrices, stride, start, end }: Options & { stride: 0 | 16 },
) {
  for (let row = start; row < end; row++) {
    const i = 3 * row;
    const m = stride * row;
    const x = points[i]!;
    const y = points[i + 1]!;
    const z = points[i + 2]!;
    const w = matrices[m + 12]! * x + matrices[m + 13]! * y + matrices[m + 14]! * z +
      matrices[m + 15]!;
    if (w === 0) throw pointAtInfinity(row);
    out[i] = (matrices[m]! * x + matrices[m + 1]! * y + matrices[m + 2]! * z + matrices[m + 3]!) /
      w;
    out[i + 1] =
      (matrices[m + 4]! * x + matrices[m + 5]! * y + matrices[m + 6]! * z + matrices[m + 7]!) / w;
    out[i + 2] =
      (matrices[m + 8]! * x + matrices[m + 9]! * y + matrices[m + 10]! * z + matrices[m + 11]!) / w;
  }
}

function pointAtInfinity(row: number): OutboardError {
  return new OutboardError(
    "INVALID_VALUE",
    `Cannot transform point ${row}: wanted a w other than 0 to divide by, got 0`,
    { row },
  );
}
