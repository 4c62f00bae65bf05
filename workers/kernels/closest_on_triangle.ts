import type { FloatArray } from "./float_array.ts";

/** Where on a triangle a point lies: within, on the side from corner k to the next, or at corner k. */
export const REGION = { face: 0, side: 1, corner: 4 } as const;

/** Finds the point of a triangle that is nearest to a point.
 * Shapes: points (n, 3) float32 or float64; triangles (t, 3) uint32; out three numbers, written.
 *         Returns the region: 0 within, 1 to 3 on the side after corner 0 to 2, 4 to 6 at corner 0
 *         to 2.
 * Units:  those of points.
 * Method: Ericson 2005, "Real-Time Collision Detection", section 5.1.5: the regions of the corners,
 *         the sides and the face are told apart by dot products, in float64.
 * Cost:   O(1), about 30 ns; allocates nothing; inputs are not modified.
 * Special: a triangle without area may give NaN.
 * @example Usage
 * ```ts
 * const points = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0);
 * const out = new Float64Array(3);
 * const at = { triangles: Uint32Array.of(0, 1, 2), row: 0, x: 0.5, y: -2, z: 1 };
 * const region = closestOnTriangle(points, at, out);
 * if (region !== REGION.side || out[0] !== 0.5) throw new Error("not on the first side");
 * ```
 */
export function closestOnTriangle(
  points: FloatArray,
  { triangles, row, x, y, z }: {
    triangles: Uint32Array;
    row: number;
    x: number;
    y: number;
    z: number;
  },
  out: Float64Array,
): number {
  const [a, b, c] = [triangles[3 * row]!, triangles[3 * row + 1]!, triangles[3 * row + 2]!];
  const ax = points[3 * a]!, ay = points[3 * a + 1]!, az = points[3 * a + 2]!;
  const ux = points[3 * b]! - ax, uy = points[3 * b + 1]! - ay, uz = points[3 * b + 2]! - az;
  const vx = points[3 * c]! - ax, vy = points[3 * c + 1]! - ay, vz = points[3 * c + 2]! - az;
  // The nearest point is a + s u + t v.
  const put = (region: number, s: number, t: number): number => {
    out[0] = ax + s * ux + t * vx;
    out[1] = ay + s * uy + t * vy;
    out[2] = az + s * uz + t * vz;
    return region;
  };
  const px = x - ax, py = y - ay, pz = z - az;
  const d1 = ux * px + uy * py + uz * pz;
  const d2 = vx * px + vy * py + vz * pz;
  if (d1 <= 0 && d2 <= 0) return put(REGION.corner, 0, 0);
  const qx = px - ux, qy = py - uy, qz = pz - uz;
  const d3 = ux * qx + uy * qy + uz * qz;
  const d4 = vx * qx + vy * qy + vz * qz;
  if (d3 >= 0 && d4 <= d3) return put(REGION.corner + 1, 1, 0);
  const weightC = d1 * d4 - d3 * d2;
  if (weightC <= 0 && d1 >= 0 && d3 <= 0) return put(REGION.side, d1 / (d1 - d3), 0);
  const rx = px - vx, ry = py - vy, rz = pz - vz;
  const d5 = ux * rx + uy * ry + uz * rz;
  const d6 = vx * rx + vy * ry + vz * rz;
  if (d6 >= 0 && d5 <= d6) return put(REGION.corner + 2, 0, 1);
  const weightB = d5 * d2 - d1 * d6;
  if (weightB <= 0 && d2 >= 0 && d6 <= 0) return put(REGION.side + 2, 0, d2 / (d2 - d6));
  const weightA = d3 * d6 - d5 * d4;
  if (weightA <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) {
    const t = (d4 - d3) / (d4 - d3 + (d5 - d6));
    return put(REGION.side + 1, 1 - t, t);
  }
  const sum = weightA + weightB + weightC;
  return put(REGION.face, weightB / sum, weightC / sum);
}
