import { OutboardError } from "../errors.ts";

/** Corners of triangles as they come in, three to a row. */
export type IndexArray = Int32Array<ArrayBufferLike> | Uint32Array<ArrayBufferLike>;

/** Indices of points, three to a triangle, each known to be in range. */
export type Triangles = Uint32Array<ArrayBufferLike>;

/** Checks the indices of triangles, and hands them out as uint32.
 * Shapes: triangles (m, 3) int32 or uint32, 0 <= index < nPoints; returns the same memory.
 * Units:  indices.
 * Method: every index is looked at once.
 * Cost:   O(m) time, about 1 ns per triangle; allocates nothing; inputs are not modified.
 * Special: m = 0 is fine; a triangle may have one point at two corners.
 * @param name What the user calls them, as in `the second mesh`
 * @throws {OutboardError} INVALID_SHAPE if the length is no multiple of 3
 * @throws {OutboardError} INVALID_VALUE if an index is out of range; `data.row` names the triangle
 * @example Usage
 * ```ts
 * const triangles = requireIndices("the mesh", Int32Array.of(0, 1, 1), 2);
 * if (!(triangles instanceof Uint32Array)) throw new Error("not uint32");
 * ```
 */
export function requireIndices(name: string, triangles: IndexArray, nPoints: number): Triangles {
  const { buffer, byteOffset, length } = triangles;
  if (length % 3 !== 0) {
    throw new OutboardError(
      "INVALID_SHAPE",
      `Cannot use ${name}: wanted a multiple of 3 indices, got ${length}`,
    );
  }
  // A negative index turns into one that is too large.
  const indices = new Uint32Array(buffer as ArrayBuffer, byteOffset, length);
  for (let i = 0; i < length; i++) {
    if (indices[i]! < nPoints) continue;
    const row = Math.floor(i / 3);
    throw new OutboardError(
      "INVALID_VALUE",
      `Cannot use ${name}: triangle ${row} names point ${triangles[i]}, there are ${nPoints}`,
      { input: name, row },
    );
  }
  return indices;
}

/** Checks that triangles are triples of different points, and hands them out as uint32.
 * Shapes: triangles (m, 3) int32 or uint32, 0 <= index < nPoints; returns the same memory.
 * Units:  indices.
 * Method: every index is looked at, once by itself and once beside the other two.
 * Cost:   O(m) time, about 2 ns per triangle; allocates nothing; inputs are not modified.
 * Special: m = 0 is fine; triangles without area are, too, if their corners are three points.
 * @throws {OutboardError} INVALID_SHAPE if the length is no multiple of 3
 * @throws {OutboardError} INVALID_VALUE if an index is out of range or a triangle has one twice;
 * `data.row` names it
 * @example Usage
 * ```ts
 * const triangles = requireTriangles("triangles", Int32Array.of(0, 1, 2), 3);
 * if (!(triangles instanceof Uint32Array)) throw new Error("not uint32");
 * ```
 */
export function requireTriangles(name: string, triangles: IndexArray, nPoints: number): Triangles {
  const indices = requireIndices(name, triangles, nPoints);
  for (let i = 0; i < indices.length; i += 3) {
    const [a, b, c] = [indices[i]!, indices[i + 1]!, indices[i + 2]!];
    if (a !== b && b !== c && c !== a) continue;
    const row = i / 3;
    throw new OutboardError(
      "INVALID_VALUE",
      `Cannot use ${name}: triangle ${row} has one point at two corners (${a}, ${b}, ${c})`,
      { input: name, row },
    );
  }
  return indices;
}
