import type { FloatArray } from "./float_array.ts";
import type { Pose } from "./settle_objects.ts";

/** Moves an object's matrix as its body has moved.
 * Shapes: matrix (4, 4) float32 or float64, row-major, for column vectors; out likewise, written.
 * Units:  those of the matrix; world space.
 * Method: every point p of the object goes to Q (p - from) + to, Q being the pose's rotation; so
 *         scale, mirroring and shear stay as they are. Float64, rounded once to the output's type.
 * Cost:   O(1); inputs are not modified unless out is matrix.
 * Special: without a pose the matrix is copied; out may be matrix.
 * @example Usage
 * ```ts
 * const matrix = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 5, 0, 0, 0, 1);
 * moveMatrix(matrix, { rotation: [0, 0, 0, 1], from: [0, 0, 5], to: [0, 0, 1] }, matrix);
 * if (matrix[11] !== 1) throw new Error("not down");
 * ```
 */
export function moveMatrix(matrix: FloatArray, pose: Pose | undefined, out: FloatArray): void {
  if (pose === undefined) return out.set(matrix);
  const { rotation: [x, y, z, w], from, to } = pose;
  const turn = [
    [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
    [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
    [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
  ];
  for (let column = 0; column < 4; column++) {
    const place = column === 3;
    const [a, b, c] = [0, 1, 2].map((row) =>
      matrix[4 * row + column]! - (place ? from[row]! : 0)
    ) as [number, number, number];
    turn.forEach(([p, q, r], row) => {
      out[4 * row + column] = p! * a + q! * b + r! * c + (place ? to[row]! : 0);
    });
    out[12 + column] = place ? 1 : 0;
  }
}
