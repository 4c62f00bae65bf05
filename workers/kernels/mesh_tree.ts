import type { FloatArray } from "./float_array.ts";

interface Vector {
  x: number;
  y: number;
  z: number;
  set(x: number, y: number, z: number): Vector;
}

interface Tree {
  closestPointToPoint(point: Vector, target: Hit): Hit | null;
  raycastFirst(ray: unknown, side: number, near: number, far: number): { distance: number } | null;
}

interface Hit {
  point?: Vector;
  distance: number;
  faceIndex: number;
}

/** What is used of npm:three, which has no types of its own. */
interface Three {
  BufferAttribute: new (elements: FloatArray | Uint32Array, width: number) => unknown;
  BufferGeometry: new () => {
    setAttribute(name: string, attribute: unknown): void;
    setIndex(attribute: unknown): void;
  };
  Ray: new () => { origin: Vector; direction: Vector };
  Vector3: new () => Vector;
  DoubleSide: number;
}

interface TreeOptions {
  /** The surface area heuristic: slower to build, quicker to search. */
  strategy: number;
  verbose: boolean;
  onProgress(fraction: number): void;
}

interface ThreeMeshBvh {
  MeshBVH: new (geometry: unknown, options: TreeOptions) => Tree;
  SAH: number;
  CENTER: number;
}

/** A mesh made ready for searching. */
export interface MeshTree {
  points: FloatArray;
  /** The triangles in the tree's own order. */
  triangles: Uint32Array;
  /** The triangle nearest to a point, as a row of `triangles`. */
  nearest(x: number, y: number, z: number): number;
  /** How far along a ray of unit direction the first triangle is, whichever side it shows; or Infinity. */
  firstHit(origin: Float64Array, direction: Float64Array, farthest: number): number;
}

/** Up to here the better tree costs less than it saves. */
const FEW_TRIANGLES = 200_000;

/** Sorts a mesh's triangles into a tree of boxes, for nearest points and rays.
 * Shapes: points (n, 3) float32 or float64; triangles (t, 3) uint32, t > 0, indices within range.
 * Units:  those of points; queries are in the same space.
 * Method: a bounding volume hierarchy, npm:three-mesh-bvh (MIT) on npm:three (MIT), both loaded at
 *         the first call. Split by the surface area heuristic, or in the middle above 200,000
 *         triangles. Boxes are float32 and a little too large, triangles are met in float64.
 * Cost:   O(t log t) time, 1 to 3 us per triangle; allocates some 60 bytes per triangle;
 *         loading takes about 80 ms once per thread. Inputs are not modified, points are kept.
 * Special: triangles without area must have been left out, they have no nearest point; a query with
 *         NaN finds row 0 or nothing.
 * @param onProgress Called with fractions while building; what it throws ends the building
 * @example Usage
 * ```ts
 * const points = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0);
 * const tree = await buildMeshTree(points, Uint32Array.of(0, 1, 2), () => {});
 * const down = Float64Array.of(0, 0, -1);
 * const distance = tree.firstHit(Float64Array.of(0.2, 0.2, 3), down, Infinity);
 * if (distance !== 3) throw new Error("missed");
 * ```
 */
export async function buildMeshTree(
  points: FloatArray,
  triangles: Uint32Array,
  onProgress: (fraction: number) => void,
): Promise<MeshTree> {
  const three = await import("three") as unknown as Three;
  const { MeshBVH, SAH, CENTER } = await import("three-mesh-bvh") as unknown as ThreeMeshBvh;
  const sorted = triangles.slice();
  const geometry = new three.BufferGeometry();
  geometry.setAttribute("position", new three.BufferAttribute(points, 3));
  geometry.setIndex(new three.BufferAttribute(sorted, 1));
  const strategy = triangles.length / 3 > FEW_TRIANGLES ? CENTER : SAH;
  const tree = new MeshBVH(geometry, { strategy, verbose: false, onProgress });
  const point = new three.Vector3();
  const hit: Hit = { distance: 0, faceIndex: 0 };
  const ray = new three.Ray();
  return {
    points,
    triangles: sorted,
    nearest(x, y, z) {
      tree.closestPointToPoint(point.set(x, y, z), hit);
      return hit.faceIndex;
    },
    firstHit(origin, direction, farthest) {
      ray.origin.set(origin[0]!, origin[1]!, origin[2]!);
      ray.direction.set(direction[0]!, direction[1]!, direction[2]!);
      return tree.raycastFirst(ray, three.DoubleSide, 0, farthest)?.distance ?? Infinity;
    },
  };
}
