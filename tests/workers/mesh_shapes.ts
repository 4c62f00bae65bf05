import type { GivenArray } from "./run_directly.ts";

export interface Mesh {
  points: number[];
  triangles: number[];
}

/** A box from -size / 2 to size / 2 on each axis: 8 points, 12 triangles that face outwards. */
export function boxMesh(size: readonly [number, number, number]): Mesh {
  const points: number[] = [];
  for (let corner = 0; corner < 8; corner++) {
    for (let axis = 0; axis < 3; axis++) {
      points.push(size[axis]! * ((corner >> axis & 1) - 0.5));
    }
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

/** A square of cells by cells quads around the Z axis, at height z, facing up. */
export function gridMesh(cells: number, size: number, z = 0): Mesh {
  const points: number[] = [];
  const triangles: number[] = [];
  const at = (i: number, j: number) => i * (cells + 1) + j;
  for (let i = 0; i <= cells; i++) {
    for (let j = 0; j <= cells; j++) {
      points.push(size * (i / cells - 0.5), size * (j / cells - 0.5), z);
      if (i === cells || j === cells) continue;
      triangles.push(at(i, j), at(i + 1, j), at(i + 1, j + 1));
      triangles.push(at(i, j), at(i + 1, j + 1), at(i, j + 1));
    }
  }
  return { points, triangles };
}

/** Several meshes as one. */
export function joined(...meshes: Mesh[]): Mesh {
  const whole: Mesh = { points: [], triangles: [] };
  for (const { points, triangles } of meshes) {
    const first = whole.points.length / 3;
    for (const x of points) whole.points.push(x);
    for (const index of triangles) whole.triangles.push(first + index);
  }
  return whole;
}

export function pointsArray(
  data: ArrayLike<number>,
  dtype: "float32" | "float64" = "float32",
): GivenArray {
  return { dtype, shape: [data.length / 3, 3], data };
}

export function trianglesArray(
  data: ArrayLike<number>,
  dtype: "uint32" | "int32" = "uint32",
): GivenArray {
  return { dtype, shape: [data.length / 3, 3], data };
}
