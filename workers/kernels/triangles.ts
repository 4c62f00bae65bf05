import { OutboardError } from "../errors.ts";

/** Corners of triangles as they come in, three to a row. */
export type IndexArray = Int32Array<ArrayBufferLike> | Uint32Array<ArrayBufferLike>;

/** Indices of points, three to a triangle, each known to be in range. */
export type Triangles = Uint32Array<ArrayBufferLike>;

/** Checks triangles, and hands them out as uint32.
 * Shapes: triangles (m, 3) int32 or uint32, 0 <= index < nPoints; returns the same memory.
 * Units:  indices.
 * Method: every index is looked at once.
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
  const { buffer, byteOffset, length } = triangles;
  if (length % 3 !== 0) {
    throw new OutboardError(
      "INVALID_SHAPE",
      `Cannot use ${name}: wanted a multiple of 3 indices, got ${length}`,
    );
  }
  // A negative index turns into one that is too large.
  const indices = new Uint32Array(buffer as ArrayBuffer, byteOffset, length);
  for (let i = 0; i < length; i += 3) {
    const [a, b, c] = [indices[i]!, indices[i + 1]!, indices[i + 2]!];
    if (a < nPoints && b < nPoints && c < nPoints && a !== b && b !== c && c !== a) continue;
    const row = i / 3;
    const bad = triangles.subarray(i, i + 3).find((index) => !(index >= 0 && index < nPoints));
    throw new OutboardError(
      "INVALID_VALUE",
      bad === undefined
        ? `Cannot use ${name}: triangle ${row} has one point at two corners (${a}, ${b}, ${c})`
        : `Cannot use ${name}: triangle ${row} names point ${bad}, there are ${nPoints}`,
      { input: name, row },
    );
  }
  return indices;
}
