import type { GivenArray } from "./run_directly.ts";

/** A triangle mesh as plain numbers. */
export interface Mesh {
  points: number[];
  triangles: number[];
}

/** Its arrays as inputs of an operation. */
export function asInputs({ points, triangles }: Mesh): Record<"points" | "triangles", GivenArray> {
  return {
    points: { dtype: "float32", shape: [points.length / 3, 3], data: points },
    triangles: { dtype: "uint32", shape: [triangles.length / 3, 3], data: triangles },
  };
}

/** A closed box, its faces turned outward. */
export function box(low: readonly number[], high: readonly number[]): Mesh {
  const points: number[] = [];
  for (let corner = 0; corner < 8; corner++) {
    for (let axis = 0; axis < 3; axis++) points.push((corner >> axis & 1 ? high : low)[axis]!);
  }
  const quads = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [
    1,
    3,
    7,
    5,
  ]];
  const triangles = quads.flatMap(([a, b, c, d]) => [a!, b!, c!, a!, c!, d!]);
  return { points, triangles };
}

/** The points over which `grid` lies, row by row: x and y from 0 to `size`, z = 0. */
export function grid(cells: number, size = 1): Mesh {
  const points: number[] = [];
  const triangles: number[] = [];
  const side = cells + 1;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      points.push(size * column / cells, size * row / cells, 0);
      if (row === cells || column === cells) continue;
      const corner = row * side + column;
      triangles.push(corner, corner + 1, corner + side + 1);
      triangles.push(corner, corner + side + 1, corner + side);
    }
  }
  return { points, triangles };
}

const GOLDEN = (1 + Math.sqrt(5)) / 2;
const ICOSAHEDRON = {
  points: [-1, 1].flatMap((a) =>
    [-GOLDEN, GOLDEN].map((b) => [[0, a, b], [a, b, 0], [b, 0, a]]).flat()
  ),
};

/** A sphere about the origin: an icosahedron whose triangles are cut in four `cuts` times. */
export function sphere(cuts: number, radius = 1): Mesh {
  const corners = ICOSAHEDRON.points.map((p) => normalized(p));
  const near = (a: number, b: number) => dot(corners[a]!, corners[b]!) > 0.4 && a !== b;
  let faces: number[][] = [];
  for (let a = 0; a < 12; a++) {
    for (let b = a + 1; b < 12; b++) {
      for (let c = b + 1; c < 12; c++) {
        if (!near(a, b) || !near(b, c) || !near(a, c)) continue;
        const [p, q, r] = [corners[a]!, corners[b]!, corners[c]!];
        const outward = dot(cross(minus(q, p), minus(r, p)), p) > 0;
        faces.push(outward ? [a, b, c] : [a, c, b]);
      }
    }
  }
  for (let cut = 0; cut < cuts; cut++) {
    const middles = new Map<string, number>();
    const middle = (a: number, b: number): number => {
      const key = a < b ? `${a} ${b}` : `${b} ${a}`;
      const known = middles.get(key);
      if (known !== undefined) return known;
      const [p, q] = [corners[a]!, corners[b]!];
      middles.set(key, corners.length);
      return corners.push(normalized([p[0]! + q[0]!, p[1]! + q[1]!, p[2]! + q[2]!])) - 1;
    };
    faces = faces.flatMap(([a, b, c]) => {
      const [ab, bc, ca] = [middle(a!, b!), middle(b!, c!), middle(c!, a!)];
      return [[a!, ab, ca], [ab, b!, bc], [ca, bc, c!], [ab, bc, ca]];
    });
  }
  return { points: corners.flat().map((x) => x * radius), triangles: faces.flat() };
}

export type Vector = readonly number[];

export function dot(a: Vector, b: Vector): number {
  return a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
}

export function minus(a: Vector, b: Vector): number[] {
  return a.map((x, axis) => x - b[axis]!);
}

export function cross(a: Vector, b: Vector): number[] {
  const [ax, ay, az] = a as [number, number, number];
  const [bx, by, bz] = b as [number, number, number];
  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
}

export function length(a: Vector): number {
  return Math.sqrt(dot(a, a));
}

export function normalized(a: Vector): number[] {
  return a.map((x) => x / length(a));
}

/** Row `i` of (n, 3) numbers. */
export function row(numbers: ArrayLike<number>, i: number): number[] {
  return [numbers[3 * i]!, numbers[3 * i + 1]!, numbers[3 * i + 2]!];
}

/** The corners of every triangle. */
export function* corners(
  points: ArrayLike<number>,
  triangles: ArrayLike<number>,
): Generator<[number[], number[], number[]]> {
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = row(triangles, i / 3) as [number, number, number];
    yield [row(points, a), row(points, b), row(points, c)];
  }
}

/** The volume within a closed mesh: the sum of the tetrahedra to the origin. */
export function volumeOf(points: ArrayLike<number>, triangles: ArrayLike<number>): number {
  let sum = 0;
  for (const [a, b, c] of corners(points, triangles)) sum += dot(a, cross(b, c)) / 6;
  return sum;
}

export function areaOf(points: ArrayLike<number>, triangles: ArrayLike<number>): number {
  let sum = 0;
  for (const [a, b, c] of corners(points, triangles)) {
    sum += length(cross(minus(b, a), minus(c, a))) / 2;
  }
  return sum;
}

/** Vertices in use - edges + faces: 2 for a closed surface without handles, 1 for a disk. */
export function eulerOf(triangles: ArrayLike<number>): number {
  const vertices = new Set<number>(Array.from(triangles));
  const edges = new Set<string>();
  for (let i = 0; i < triangles.length; i += 3) {
    for (let k = 0; k < 3; k++) {
      const [a, b] = [triangles[i + k]!, triangles[i + (k + 1) % 3]!];
      edges.add(a < b ? `${a} ${b}` : `${b} ${a}`);
    }
  }
  return vertices.size - edges.size + triangles.length / 3;
}
