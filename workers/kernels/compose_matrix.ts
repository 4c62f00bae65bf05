import { writeRotation } from "./euler.ts";
import type { Vector3 } from "./float_array.ts";

export interface Placement {
  translation: Vector3;
  /** Euler angles in radians, Blender's XYZ order. */
  rotation: Vector3;
  scale: Vector3;
}

/** The matrix that scales and rotates about a pivot, then translates.
 * Shapes: vectors (3,). Returns 16 numbers, a row-major (4, 4) matrix for column vectors, float64.
 * Units:  translation and pivot in one length unit; rotation in radians.
 * Method: T(translation) T(pivot) R S T(-pivot), with R = Rz Ry Rx: what Blender makes of location,
 *         rotation and scale when the pivot is 0.
 * Cost:   O(1); allocates 25 numbers.
 * Special: a scale of 0 gives a singular matrix; NaN and infinities spread.
 * @example Usage
 * ```ts
 * const still = { translation: [1, 2, 3], rotation: [0, 0, 0] } as const;
 * const matrix = composeMatrix({ ...still, scale: [2, 2, 2], pivot: [0, 0, 1] });
 * if (matrix[0] !== 2 || matrix[11] !== 2) throw new Error("not scaled about the pivot");
 * ```
 */
export function composeMatrix(
  { translation, rotation, scale, pivot }: Placement & { pivot: Vector3 },
): Float64Array {
  const r = new Float64Array(9);
  writeRotation(r, rotation);
  const matrix = new Float64Array(16);
  for (let row = 0; row < 3; row++) {
    let moved = translation[row]! + pivot[row]!;
    for (let column = 0; column < 3; column++) {
      const element = r[3 * row + column]! * scale[column]!;
      matrix[4 * row + column] = element;
      moved -= element * pivot[column]!;
    }
    matrix[4 * row + 3] = moved;
  }
  matrix[15] = 1;
  return matrix;
}
