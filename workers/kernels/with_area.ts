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

/** Leaves out the triangles that have no area, which have neither an inside nor a normal.
 * Shapes: points (n, 3) float32 or float64; triangles (t, 3) uint32, indices of points. Returns (at most
 *         t, 3) uint32.
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
