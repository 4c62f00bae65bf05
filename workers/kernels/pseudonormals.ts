import { OutboardError } from "../errors.ts";
import type { FloatArray } from "./float_array.ts";

/** Writes the unit normals of a mesh's triangles.
 * Shapes: points (n, 3) float32 or float64; triangles (t, 3) uint32. Returns (t, 3) float64.
 * Units:  none; the results have length 1.
 * Method: the cross product of two sides, counter-clockwise seen from the front.
 * Cost:   O(t) time; allocates the result; inputs are not modified.
 * Special: t = 0 returns an empty array; a triangle without area has the normal 0 0 0.
 * @example Usage
 * ```ts
 * const points = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0);
 * if (faceNormals(points, Uint32Array.of(0, 1, 2))[2] !== 1) throw new Error("not up");
 * ```
 */
export function faceNormals(points: FloatArray, triangles: Uint32Array): Float64Array {
  const normals = new Float64Array(triangles.length);
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = [3 * triangles[i]!, 3 * triangles[i + 1]!, 3 * triangles[i + 2]!];
    const ux = points[b]! - points[a]!, vx = points[c]! - points[a]!;
    const uy = points[b + 1]! - points[a + 1]!, vy = points[c + 1]! - points[a + 1]!;
    const uz = points[b + 2]! - points[a + 2]!, vz = points[c + 2]! - points[a + 2]!;
    const x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx;
    const length = Math.sqrt(x * x + y * y + z * z) || 1;
    normals[i] = x / length;
    normals[i + 1] = y / length;
    normals[i + 2] = z / length;
  }
  return normals;
}

/** The angle of a triangle at its corner `k`. */
function cornerAngle(points: FloatArray, triangles: Uint32Array, i: number, k: number): number {
  const corner = 3 * triangles[i + k]!;
  const next = 3 * triangles[i + (k + 1) % 3]!;
  const last = 3 * triangles[i + (k + 2) % 3]!;
  const ux = points[next]! - points[corner]!, vx = points[last]! - points[corner]!;
  const uy = points[next + 1]! - points[corner + 1]!, vy = points[last + 1]! - points[corner + 1]!;
  const uz = points[next + 2]! - points[corner + 2]!, vz = points[last + 2]! - points[corner + 2]!;
  const x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx;
  return Math.atan2(Math.sqrt(x * x + y * y + z * z), ux * vx + uy * vy + uz * vz);
}

/** Writes the normals of a mesh's points: those of the triangles around, by the angles there.
 * Shapes: points (n, 3) float32 or float64; triangles (t, 3) uint32; faces (t, 3) float64 from
 *         {@linkcode faceNormals}. Returns (n, 3) float64.
 * Units:  none; the results have length 1.
 * Method: Thürmer and Wüthrich 1998, "Computing Vertex Normals from Polygonal Facets",
 *         https://doi.org/10.1080/10867651.1998.10487487; as Blender does.
 * Cost:   O(n + t) time; allocates the result; inputs are not modified.
 * Special: a point of no triangle, or one whose triangles cancel out, has the normal 0 0 0.
 * @example Usage
 * ```ts
 * const points = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0);
 * const triangles = Uint32Array.of(0, 1, 2);
 * const normals = pointNormals(points, triangles, faceNormals(points, triangles));
 * if (normals[8] !== 1) throw new Error("not up");
 * ```
 */
export function pointNormals(
  points: FloatArray,
  triangles: Uint32Array,
  faces: Float64Array,
): Float64Array {
  const normals = new Float64Array(points.length);
  for (let i = 0; i < triangles.length; i += 3) {
    for (let k = 0; k < 3; k++) {
      const angle = cornerAngle(points, triangles, i, k);
      const at = 3 * triangles[i + k]!;
      for (let axis = 0; axis < 3; axis++) normals[at + axis]! += angle * faces[i + axis]!;
    }
  }
  for (let at = 0; at < normals.length; at += 3) {
    const [x, y, z] = [normals[at]!, normals[at + 1]!, normals[at + 2]!];
    const length = Math.sqrt(x * x + y * y + z * z);
    if (length < 1e-12) normals.fill(0, at, at + 3);
    else normals.set([x / length, y / length, z / length], at);
  }
  return normals;
}

/** Finds the triangle on the other side of each side, in a mesh that must be closed.
 * Shapes: triangles (t, 3) uint32. Returns (t, 3) uint32: the neighbour at the side after corner k.
 * Units:  none.
 * Method: a side from a to b must be there once, and the side from b to a once.
 * Cost:   O(t) time, about 0.4 us per triangle; allocates a table of the sides; inputs are not
 *         modified.
 * Special: t = 0 returns an empty array.
 * @param name What the user calls the mesh, as in `the second mesh`
 * @throws {OutboardError} INVALID_VALUE if the mesh is open, has a side of more than two triangles
 * or triangles that face different ways; `data.side` names the two points
 * @example Usage
 * ```ts
 * const tetrahedron = Uint32Array.of(0, 2, 1, 0, 1, 3, 1, 2, 3, 2, 0, 3);
 * if (neighbours("the mesh", tetrahedron)[0] !== 3) throw new Error("not the neighbour");
 * ```
 */
export function neighbours(name: string, triangles: Uint32Array): Uint32Array {
  const fault = (side: number, what: string): OutboardError => {
    const ends = sideEnds(triangles, side);
    return new OutboardError(
      "INVALID_VALUE",
      `Cannot tell the inside of ${name}: ${what} the side between points ${ends.join(" and ")}, ` +
        "wanted a closed mesh whose triangles all face outwards",
      { side: ends },
    );
  };
  const sides = new Map<number, number>();
  // Two indices of up to 26 bits fit into one exact number.
  const key = (a: number, b: number): number => a * 0x400_0000 + b;
  for (let side = 0; side < triangles.length; side++) {
    const [a, b] = sideEnds(triangles, side);
    if (sides.has(key(a, b))) throw fault(side, "more than one triangle runs the same way along");
    sides.set(key(a, b), side);
  }
  return triangles.map((_, side) => {
    const [a, b] = sideEnds(triangles, side);
    const other = sides.get(key(b, a));
    if (other === undefined) throw fault(side, "only one triangle is at");
    return Math.floor(other / 3);
  });
}

function sideEnds(triangles: Uint32Array, side: number): [number, number] {
  return [triangles[side]!, triangles[side % 3 === 2 ? side - 2 : side + 1]!];
}
