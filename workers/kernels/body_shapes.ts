import { OutboardError } from "../errors.ts";
import { type FloatArray, requireRows, type Vector3 } from "./float_array.ts";

/** x, y, z, w. */
export type Quaternion = readonly [number, number, number, number];

/** What an object collides with, in world axes. */
export interface BodyShape {
  /** The middle of the bounds, in world space. */
  center: Vector3;
  /** A box about the middle, unless the object is sheared. */
  box?: { half: Vector3; rotation: Quaternion };
  /** (h, 3) points about the middle. */
  points: Float32Array;
  /** The largest side. */
  size: number;
}

/** Thinner bodies, such as planes, are made this thick: a part of their largest side. */
const THINNEST = 0.005;
/** Hulls thinner than this part of their width are flat. */
const FLAT = 1e-3;
/** Sides this near to a right angle are taken as such. */
const SQUARE = 1e-4;

/** Makes what an object collides with of its world matrix and its bounds.
 * Shapes: matrices (n, 4, 4) float32 or float64, row-major, for column vectors, last row 0 0 0 1;
 *         bounds (n, 2, 3) float32 or float64, lowest and highest corner in the object's own space.
 *         Returns the middle, a box, and (8, 3) float32 corners.
 * Units:  those of the matrices; world space.
 * Method: half sides are the matrix's columns times half the bounds; the box's axes are the
 *         columns, one turned round if the object is mirrored, which a box does not show.
 * Cost:   O(1); allocates the result; inputs are not modified.
 * Special: bounds of no size at all give undefined; thin ones are made 0.5 % thick; a sheared
 *         object has no box, and must not be flat.
 * @throws {OutboardError} INVALID_SHAPE if lengths do not agree
 * @throws {OutboardError} INVALID_VALUE if a last row is not 0 0 0 1, a scale is 0, bounds are the
 * wrong way round, or a sheared object is flat; `data.row` names the object
 * @example Usage
 * ```ts
 * const matrix = Float64Array.of(1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1);
 * const shape = bodyShape(matrix, Float64Array.of(-1, -1, -1, 1, 1, 1), 0);
 * if (shape?.center[0] !== 5 || shape.box?.half[2] !== 2) throw new Error("not the box");
 * ```
 */
export function bodyShape(
  matrices: FloatArray,
  bounds: FloatArray,
  row: number,
): BodyShape | undefined {
  requireRows("the matrices", matrices, { width: 16, start: row, end: row + 1 });
  requireRows("the bounds", bounds, { width: 6, start: row, end: row + 1 });
  const matrix = Float64Array.from(matrices.subarray(16 * row, 16 * row + 16));
  const corners = Float64Array.from(bounds.subarray(6 * row, 6 * row + 6));
  if (`${matrix.subarray(12)}` !== "0,0,0,1") {
    throw unusable(row, "a matrix whose last row is 0 0 0 1", matrix.subarray(12).join(" "));
  }
  const column = (axis: number): Vector3 => [matrix[axis]!, matrix[4 + axis]!, matrix[8 + axis]!];
  const halves = [0, 1, 2].map((axis) => (corners[3 + axis]! - corners[axis]!) / 2);
  if (halves.some((half) => half < 0)) {
    throw unusable(row, "bounds from the lowest to the highest corner", corners.join(" "));
  }
  const center = transformed(matrix, [0, 1, 2].map((axis) => corners[axis]! + halves[axis]!));
  const lengths = [0, 1, 2].map((axis) => length(column(axis)));
  const sides = halves.map((half, axis) => 2 * half * lengths[axis]!);
  const size = Math.max(...sides);
  if (!(size > 0)) return undefined;
  const points = new Float32Array(24);
  for (let corner = 0; corner < 8; corner++) {
    const local = [0, 1, 2].map((axis) => corners[3 * (corner >> axis & 1) + axis]!);
    points.set(transformed(matrix, local).map((x, axis) => x - center[axis]!), 3 * corner);
  }
  const axes = [0, 1, 2].map((axis) => scaled(column(axis), 1 / lengths[axis]!));
  if (!lengths.every((x) => x > 0)) {
    throw unusable(row, "a scale other than 0 on every axis", `lengths ${lengths.join(" ")}`);
  }
  const square = [[0, 1], [0, 2], [1, 2]].every(([i, j]) =>
    Math.abs(dot(axes[i!]!, axes[j!]!)) < SQUARE
  );
  if (!square && isFlat(points)) {
    throw unusable(row, "a size on every axis where an object is sheared", "one that is flat");
  }
  if (!square) return { center, points, size };
  if (dot(cross(axes[0]!, axes[1]!), axes[2]!) < 0) axes[2] = scaled(axes[2]!, -1);
  const half = sides.map((side) => Math.max(side, THINNEST * size) / 2) as unknown as Vector3;
  return { center, points, size, box: { half, rotation: quaternionOf(axes) } };
}

/** Gathers the points of convex hulls by the objects that they belong to.
 * Shapes: matrices (n, 4, 4) float32 or float64; shapes of n objects; points (h, 3) float32 or
 *         float64, each in its object's own space; owners (h,) integers. Returns (k, 3) float32
 *         points about the shape's middle, in world axes, by object.
 * Units:  those of the matrices.
 * Method: every point through its object's matrix, in float64, less the middle.
 * Cost:   O(h) time and memory; inputs are not modified.
 * Special: no points give no hulls; points of objects without a shape are left out, and so are
 *         hulls thinner than 0.1 %, which would have no mass: the boxes stand in for them.
 * @throws {OutboardError} INVALID_SHAPE if lengths do not agree
 * @throws {OutboardError} INVALID_VALUE if there is no such object; `data.row` names the point
 * @example Usage
 * ```ts
 * const matrix = Float64Array.of(1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1);
 * const shape = bodyShape(matrix, Float64Array.of(-1, -1, -1, 1, 1, 1), 0);
 * const points = Float32Array.of(0, 0, 3, 1, 0, 0, 0, 1, 0, 0, 0, 0);
 * const hulls = bodyHulls(matrix, [shape], points, Uint32Array.of(0, 0, 0, 0));
 * if (hulls.get(0)?.[2] !== 6) throw new Error("not scaled");
 * ```
 */
export function bodyHulls(
  matrices: FloatArray,
  shapes: readonly (BodyShape | undefined)[],
  points: FloatArray = new Float32Array(0),
  owners: ArrayLike<number> = [],
): Map<number, Float32Array> {
  requireRows("the hulls' points", points, { width: 3, start: 0, end: owners.length });
  const hulls = new Map<number, number[]>();
  for (let i = 0; i < owners.length; i++) {
    const row = owners[i]!;
    if (!(row >= 0 && row < shapes.length)) {
      throw new OutboardError(
        "INVALID_VALUE",
        `Cannot use hull point ${i}: wanted an object from 0 to ${shapes.length - 1}, got ${row}`,
        { row: i, came: row },
      );
    }
    const shape = shapes[row];
    if (shape === undefined) continue;
    const hull = hulls.get(row) ?? [];
    hulls.set(row, hull);
    const matrix = Float64Array.from(matrices.subarray(16 * row, 16 * row + 16));
    const place = transformed(matrix, [points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]!]);
    place.forEach((x, axis) => hull.push(x - shape.center[axis]!));
  }
  return new Map(
    [...hulls].map(([row, hull]) => [row, Float32Array.from(hull)] as const)
      .filter(([, hull]) => !isFlat(hull)),
  );
}

/** Whether points lie all but in a plane: the fourth is found near the widest triangle. */
function isFlat(points: Float32Array): boolean {
  const at = (i: number): Vector3 => [points[i]!, points[i + 1]!, points[i + 2]!];
  const farthest = (measure: (place: Vector3) => number): { place: Vector3; far: number } => {
    let best = { place: at(0), far: 0 };
    for (let i = 0; i < points.length; i += 3) {
      const far = measure(at(i));
      if (far > best.far) best = { place: at(i), far };
    }
    return best;
  };
  const from = (place: Vector3): Vector3 => [
    place[0] - points[0]!,
    place[1] - points[1]!,
    place[2] - points[2]!,
  ];
  const { place: second, far: width } = farthest((place) => length(from(place)));
  const { place: third } = farthest((place) => length(cross(from(second), from(place))));
  const normal = cross(from(second), from(third));
  const { far } = farthest((place) => Math.abs(dot(from(place), normal)));
  return !(far > FLAT * width * length(normal));
}

function unusable(row: number, wanted: string, came: string): OutboardError {
  return new OutboardError(
    "INVALID_VALUE",
    `Cannot settle object ${row}: wanted ${wanted}, got ${came}`,
    { row },
  );
}

function transformed(matrix: Float64Array, point: readonly number[]): Vector3 {
  return [0, 4, 8].map((at) =>
    matrix[at]! * point[0]! + matrix[at + 1]! * point[1]! + matrix[at + 2]! * point[2]! +
    matrix[at + 3]!
  ) as unknown as Vector3;
}

const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const length = (a: Vector3): number => Math.sqrt(dot(a, a));
const scaled = (a: Vector3, factor: number): Vector3 => [
  factor * a[0],
  factor * a[1],
  factor * a[2],
];
const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** The rotation that takes X, Y, Z to three unit vectors (Shepperd 1978: divide by the largest part). */
function quaternionOf([x, y, z]: readonly Vector3[]): Quaternion {
  const [a, b, c] = [x![0], y![1], z![2]];
  const parts = [1 + a - b - c, 1 - a + b - c, 1 - a - b + c, 1 + a + b + c];
  const largest = parts.indexOf(Math.max(...parts));
  const twice = 2 * Math.sqrt(parts[largest]!);
  const sums = [y![0] + x![1], z![0] + x![2], z![1] + y![2]];
  const differences = [y![2] - z![1], z![0] - x![2], x![1] - y![0]];
  const rows = [
    [parts[0]!, sums[0]!, sums[1]!, differences[0]!],
    [sums[0]!, parts[1]!, sums[2]!, differences[1]!],
    [sums[1]!, sums[2]!, parts[2]!, differences[2]!],
    [...differences, parts[3]!],
  ];
  return rows[largest]!.map((part) => part / twice) as unknown as Quaternion;
}
