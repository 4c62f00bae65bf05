import { OutboardError } from "../errors.ts";
import type { FloatArray } from "./float_array.ts";
import { findOpenEdges } from "./open_edges.ts";
import type { Triangles } from "./triangles.ts";

/** Edges that an error names. */
const MOST_NAMED = 100;

function counted(count: number, what: string): string {
  return count === 1 ? `1 edge is ${what}` : `${count} edges are ${what}`;
}

/** Refuses a mesh that does not enclose a volume, and says where it does not.
 * Shapes: points (n, 3) float32 or float64; triangles (m, 3) uint32, each below n.
 * Units:  those of points, in the message.
 * Method: {@linkcode findOpenEdges}.
 * Cost:   as that.
 * Special: no triangles are fine.
 * @throws {OutboardError} INVALID_VALUE if an edge is open or turned; `data.edges` names the points
 * of the first hundred, `data.count` says how many there are
 * @example Usage
 * ```ts
 * const triangles = Uint32Array.of(0, 1, 2, 0, 3, 1, 1, 3, 2, 0, 2, 3);
 * requireClosed("tetrahedron", new Float32Array(12), triangles);
 * ```
 */
export function requireClosed(name: string, points: FloatArray, triangles: Triangles): void {
  const { open, turned, points: named } = findOpenEdges(triangles, points.length / 3, MOST_NAMED);
  if (open + turned === 0) return;
  const [low, high] = named as [number, number];
  const place = [0, 1, 2].map((axis) => {
    const middle = (points[3 * low + axis]! + points[3 * high + axis]!) / 2;
    return Number(middle.toPrecision(4));
  });
  const faults = [
    open === 0 ? "" : counted(open, "not between two triangles"),
    turned === 0 ? "" : counted(turned, "between triangles that face opposite ways"),
  ].filter((text) => text !== "").join(" and ");
  const edges = Array.from({ length: named.length / 2 }, (_, i) => named.slice(2 * i, 2 * i + 2));
  throw new OutboardError(
    "INVALID_VALUE",
    `Cannot use the ${name} mesh as a solid: it is not closed, ${faults}; ` +
      `the first is from vertex ${low} to ${high}, near (${place.join(", ")})`,
    { input: name === "second" ? "secondTriangles" : "triangles", count: open + turned, edges },
  );
}
