import { cos, sin } from "./elementary.ts";
import type { Vector3 } from "./float_array.ts";

/** Writes the rotation matrix of three Euler angles in Blender's XYZ order: about X first, then Y,
 * then Z.
 * Shapes: angles (3,); out at least 9 numbers, a row-major (3, 3) matrix for column vectors.
 * Units:  angles in radians, right-handed.
 * Method: Rz Ry Rx, as `mathutils.Euler(angles, "XYZ").to_matrix()`, in float64.
 * Cost:   O(1); allocates nothing.
 * Special: NaN and infinities give NaN.
 * @example Usage
 * ```ts
 * const out = new Float64Array(9);
 * writeRotation(out, [0, 0, Math.PI / 2]);
 * if (Math.abs(out[3]! - 1) > 1e-15) throw new Error("X does not become Y");
 * ```
 */
export function writeRotation(out: Float64Array, angles: Vector3): void {
  const [cx, cy, cz] = [cos(angles[0]), cos(angles[1]), cos(angles[2])];
  const [sx, sy, sz] = [sin(angles[0]), sin(angles[1]), sin(angles[2])];
  out[0] = cz * cy;
  out[1] = cz * sy * sx - sz * cx;
  out[2] = cz * sy * cx + sz * sx;
  out[3] = sz * cy;
  out[4] = sz * sy * sx + cz * cx;
  out[5] = sz * sy * cx - cz * sx;
  out[6] = -sy;
  out[7] = cy * sx;
  out[8] = cy * cx;
}
