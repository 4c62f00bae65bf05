import { OutboardError } from "../errors.ts";
import { composeMatrix, type Placement } from "./compose_matrix.ts";
import { writeRotation } from "./euler.ts";
import { type FloatArray, requireRows, type Rows, type Vector3 } from "./float_array.ts";
import { BATCH } from "./philox.ts";
import { drawAmounts, type Spread } from "./random_amounts.ts";
import { kernelsFor, type Twelve } from "./simd_kernels.ts";

/** Where a common rotation and scale have their fixed point. */
export type Pivot = Vector3 | "own_origin";

export interface RandomPart extends Spread {
  /** How much, per axis: lengths, angles in radians, and parts of the size (0.1 is a tenth). */
  amounts: Placement;
}

interface Options extends Rows {
  /** Scales and rotates all about the pivot along the world's axes, then translates. */
  common: Placement;
  pivot: Pivot;
  random: RandomPart;
}

const ZERO: Vector3 = [0, 0, 0];

/** Moves, rotates and scales objects about a pivot, each a little differently if wanted.
 * Shapes: matrices (n, 4, 4) float32 or float64, world matrices, row-major, for column vectors,
 *         last row 0 0 0 1; out likewise, of which rows start up to end are written.
 * Units:  lengths as in the matrices, world space; rotations Euler XYZ in radians.
 * Method: with object axes L and origin o: axes R S Q L (I + diag(c)), origin p + R S (o - p) + t +
 *         a. R, S, t are the common rotation, scale and translation, p the pivot; a, Q, c the
 *         object's random translation, rotation (about its own origin) and scale (along its own
 *         axes), from {@linkcode drawWords} by the object's index. Float64, rounded once to the
 *         output's type.
 * Cost:   O(end - start) time, about 0.3 us per object; allocates nothing that grows with it;
 *         inputs are not modified unless out is matrices.
 * Special: an empty range writes nothing; uneven common scale shears objects that are rotated,
 *         which Blender cannot keep in an object's location, rotation and scale; a random scale
 *         never shears; NaN and infinities spread; out may be matrices.
 * @throws {OutboardError} INVALID_SHAPE if lengths do not agree
 * @throws {OutboardError} INVALID_VALUE if a matrix's last row is not 0 0 0 1; `data.row` names it
 * @example Usage
 * ```ts
 * const matrices = Float64Array.of(1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
 * transformObjects(matrices, matrices, {
 *   start: 0,
 *   end: 1,
 *   common: { translation: [0, 0, 1], rotation: [0, 0, 0], scale: [2, 2, 2] },
 *   pivot: [4, 0, 0],
 *   random: {
 *     seed: 0,
 *     distribution: "uniform",
 *     amounts: { translation: [0, 0, 0], rotation: [0, 0, 0], scale: [0, 0, 0] },
 *   },
 * });
 * if (matrices[3] !== 6 || matrices[11] !== 1) throw new Error("not scaled about the pivot");
 * ```
 */
export function transformObjects(matrices: FloatArray, out: FloatArray, options: Options): void {
  const { start, end, common, pivot, random } = options;
  requireRows("the matrices", matrices, { width: 16, start, end });
  requireRows("the transformed matrices", out, { width: 16, start, end });
  const delta = composeMatrix({ ...common, pivot: pivot === "own_origin" ? ZERO : pivot });
  const { translation, rotation, scale } = random.amounts;
  const alike = [translation, rotation, scale].flat().every((amount) => amount === 0);
  const rows = { start, end, inPlace: pivot === "own_origin" };
  const done = alike ? transformAlike(matrices, out, delta, rows) : start;
  const rotates = rotation.some((amount) => amount !== 0);
  const [offsets, angles, growths] = [0, 1, 2].map(() => new Float64Array(3 * BATCH));
  const matrix = new Float64Array(16);
  for (let first = done; first < end; first += BATCH) {
    const count = Math.min(BATCH, end - first);
    drawAmounts(offsets!, translation, { ...random, draw: 0, first, count });
    drawAmounts(angles!, rotation, { ...random, draw: 1, first, count });
    drawAmounts(growths!, scale, { ...random, draw: 2, first, count });
    for (let i = 0; i < count; i++) {
      const row = first + i;
      for (let k = 0; k < 16; k++) matrix[k] = matrices[16 * row + k]!;
      if (!isAffine(matrix)) throw notAffine(row, matrix);
      if (rotates) rotateAxes(matrix, [angles![3 * i]!, angles![3 * i + 1]!, angles![3 * i + 2]!]);
      for (let axis = 0; axis < 3; axis++) {
        growAxis(matrix, axis, growths![3 * i + axis]!);
      }
      applyCommon(matrix, delta, rows.inPlace);
      for (let axis = 0; axis < 3; axis++) matrix[4 * axis + 3]! += offsets![3 * i + axis]!;
      for (let k = 0; k < 16; k++) out[16 * row + k] = matrix[k]!;
    }
  }
}

/** Fewer objects are done by the plain loop before a memory's kernels are found or made. */
const WORTHWHILE = 256;

/**
 * Transforms objects without a random part as the plain loop does, to the same bits. It asks for
 * matrices of one type in one memory of WebAssembly's.
 *
 * @returns the first row that is left to the plain loop; what is wrong with it is told there
 */
function transformAlike(
  matrices: FloatArray,
  out: FloatArray,
  delta: Float64Array,
  { start, end, inPlace }: Rows & { inPlace: boolean },
): number {
  const sameType = matrices.BYTES_PER_ELEMENT === out.BYTES_PER_ELEMENT;
  const kernels = sameType && end - start >= WORTHWHILE ? kernelsFor(matrices, out) : undefined;
  if (kernels === undefined) return start;
  kernels.setMatrix(...[...delta.subarray(0, 12)] as Twelve);
  const multiply = matrices instanceof Float32Array ? kernels.multiply32 : kernels.multiply64;
  const first = 16 * start * matrices.BYTES_PER_ELEMENT;
  const [source, target] = [matrices.byteOffset + first, out.byteOffset + first];
  return start + multiply(source, target, end - start, inPlace);
}

/** The middle of objects' origins: Blender's Median Point, the mean of their locations.
 * Shapes: matrices (n, 4, 4) float32 or float64, row-major, for column vectors. Returns three
 *         numbers.
 * Units:  those of the matrices.
 * Method: the sum from first to last in float64, divided by n; always over all objects, so that
 *         every thread finds the same bits.
 * Cost:   O(n) time; allocates nothing.
 * Special: n = 0 gives the world's origin; NaN and infinities spread.
 * @throws {OutboardError} INVALID_SHAPE if the length is no multiple of 16
 * @example Usage
 * ```ts
 * const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
 * const matrices = Float64Array.of(...identity, ...identity);
 * matrices[3] = 4;
 * if (medianOrigin(matrices)[0] !== 2) throw new Error("not in the middle");
 * ```
 */
export function medianOrigin(matrices: FloatArray): Vector3 {
  requireRows("the matrices", matrices, { width: 16, start: 0, end: 0 });
  if (matrices.length === 0) return ZERO;
  let [x, y, z] = ZERO;
  for (let m = 0; m < matrices.length; m += 16) {
    x += matrices[m + 3]!;
    y += matrices[m + 7]!;
    z += matrices[m + 11]!;
  }
  const n = matrices.length / 16;
  return [x / n, y / n, z / n];
}

function isAffine(matrix: Float64Array): boolean {
  return matrix[12] === 0 && matrix[13] === 0 && matrix[14] === 0 && matrix[15] === 1;
}

function notAffine(row: number, matrix: Float64Array): OutboardError {
  return new OutboardError(
    "INVALID_VALUE",
    `Cannot transform object ${row}: wanted a matrix whose last row is 0 0 0 1, got ` +
      `${matrix.subarray(12).join(" ")} (a matrix for row vectors must be transposed first)`,
    { row },
  );
}

const turn = new Float64Array(9);

/** Turns an object about its own origin, around the world's axes. */
function rotateAxes(matrix: Float64Array, angles: Vector3): void {
  writeRotation(turn, angles);
  for (let column = 0; column < 3; column++) {
    const x = matrix[column]!;
    const y = matrix[column + 4]!;
    const z = matrix[column + 8]!;
    matrix[column] = turn[0]! * x + turn[1]! * y + turn[2]! * z;
    matrix[column + 4] = turn[3]! * x + turn[4]! * y + turn[5]! * z;
    matrix[column + 8] = turn[6]! * x + turn[7]! * y + turn[8]! * z;
  }
}

function growAxis(matrix: Float64Array, axis: number, growth: number): void {
  const factor = 1 + growth;
  matrix[axis]! *= factor;
  matrix[axis + 4]! *= factor;
  matrix[axis + 8]! *= factor;
}

/** The product delta matrix; `inPlace` takes delta about the object's own origin. */
function applyCommon(matrix: Float64Array, delta: Float64Array, inPlace: boolean): void {
  for (let column = 0; column < 4; column++) {
    const fixed = inPlace && column === 3;
    const x = matrix[column]!;
    const y = matrix[column + 4]!;
    const z = matrix[column + 8]!;
    const w = matrix[column + 12]!;
    for (let row = 0; row < 3; row++) {
      const d = 4 * row;
      const turned = fixed ? matrix[d + 3]! : delta[d]! * x + delta[d + 1]! * y + delta[d + 2]! * z;
      matrix[d + column] = turned + delta[d + 3]! * w;
    }
  }
}
