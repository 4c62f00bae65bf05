import type { TypedArray } from "../array.ts";
import { OutboardError } from "../errors.ts";
import type { FloatArray } from "./float_array.ts";

/** Twice the area of a triangle, squared; `i` is its place among the indices. */
function doubleAreaSquared(points: FloatArray, triangles: ArrayLike<number>, i: number): number {
  const [a, b, c] = [3 * triangles[i]!, 3 * triangles[i + 1]!, 3 * triangles[i + 2]!];
  const ux = points[b]! - points[a]!;
  const uy = points[b + 1]! - points[a + 1]!;
  const uz = points[b + 2]! - points[a + 2]!;
  const vx = points[c]! - points[a]!;
  const vy = points[c + 1]! - points[a + 1]!;
  const vz = points[c + 2]! - points[a + 2]!;
  const x = uy * vz - uz * vy;
  const y = uz * vx - ux * vz;
  const z = ux * vy - uy * vx;
  return x * x + y * y + z * z;
}

/** Copies a mesh's triangles after a look at every index.
 * Shapes: points (n, 3) float32 or float64; triangles (t, 3) uint32 or int32. Returns (t, 3)
 *         uint32.
 * Units:  none.
 * Method: every index must be at least 0 and below n.
 * Cost:   O(t) time; allocates the copy; inputs are not modified.
 * Special: t = 0 returns an empty array.
 * @param name What the user calls the mesh, as in `the second mesh`
 * @throws {OutboardError} INVALID_SHAPE if a length is no multiple of 3
 * @throws {OutboardError} INVALID_VALUE if an index is out of range; `data.row` names the triangle
 * @example Usage
 * ```ts
 * const triangles = copyTriangles("the mesh", new Float32Array(9), Int32Array.of(0, 1, 2));
 * if (triangles[2] !== 2) throw new Error("not copied");
 * ```
 */
export function copyTriangles(
  name: string,
  points: FloatArray,
  triangles: TypedArray,
): Uint32Array {
  if (points.length % 3 !== 0 || triangles.length % 3 !== 0) {
    throw new OutboardError(
      "INVALID_SHAPE",
      `Cannot use ${name}: wanted multiples of 3 elements, got ${points.length} of points and ` +
        `${triangles.length} of triangles`,
    );
  }
  const count = points.length / 3;
  for (let i = 0; i < triangles.length; i++) {
    const index = triangles[i]!;
    if (index >= 0 && index < count) continue;
    const row = Math.floor(i / 3);
    throw new OutboardError(
      "INVALID_VALUE",
      `Cannot use ${name}: triangle ${row} names point ${index}, wanted 0 to ${count - 1}`,
      { row, came: index },
    );
  }
  return Uint32Array.from(triangles);
}

/** Leaves out the triangles that have no area, which have neither an inside nor a normal.
 * Shapes: points (n, 3) float32 or float64; triangles (t, 3) uint32. Returns (at most t, 3) uint32.
 * Units:  those of points.
 * Method: the length of the cross product of two sides, in float64, is not 0.
 * Cost:   O(t) time; allocates one copy; inputs are not modified.
 * Special: t = 0 returns an empty array; a triangle whose area underflows counts as none.
 * @example Usage
 * ```ts
 * const points = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0);
 * const left = withArea(points, Uint32Array.of(0, 1, 2, 0, 1, 1));
 * if (left.length !== 3) throw new Error("the second has no area");
 * ```
 */
export function withArea(points: FloatArray, triangles: Uint32Array): Uint32Array {
  const kept = new Uint32Array(triangles.length);
  let length = 0;
  for (let i = 0; i < triangles.length; i += 3) {
    if (!(doubleAreaSquared(points, triangles, i) > 0)) continue;
    kept.set(triangles.subarray(i, i + 3), length);
    length += 3;
  }
  return kept.slice(0, length);
}
