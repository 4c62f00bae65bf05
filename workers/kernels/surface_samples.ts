import { OutboardError } from "../errors.ts";
import { float64Below, type FloatArray } from "./float_array.ts";
import { BATCH, drawWords, STREAM, unit } from "./philox.ts";
import type { Triangles } from "./triangles.ts";

/** A surface to draw points on. */
export interface Surface {
  points: FloatArray;
  triangles: Triangles;
  area: number;
  /** Running sums of what speaks for each corner of each triangle. */
  sums: Float64Array;
  /** Where to begin looking among them. */
  guide: Uint32Array;
  /** Per point, where samples are to know it. */
  density?: FloatArray | undefined;
}

/** Points on a surface, and the triangle that each lies on. */
export interface Samples {
  positions: Float64Array;
  triangles: Uint32Array;
  /** The density of the surface there; 1 where it has none. */
  densities: Float64Array;
}

export function emptySamples(count: number): Samples {
  return {
    positions: new Float64Array(3 * count),
    triangles: new Uint32Array(count),
    densities: new Float64Array(count),
  };
}

/** Weighs the triangles of a mesh by area, and by density if there is one.
 * Shapes: points (n, 3) float32 or float64; triangles (m, 3) uint32, each below n; density (n,)
 *         float32 or float64 or none; sums (3m,) float64.
 * Units:  area in those of points, squared.
 * Method: a density that runs evenly from corner to corner is the sum of three, each from 1 at one
 *         corner to 0 at the others; entry 3 t + k adds area(t) density(corner k) / 3.
 * Cost:   O(n + m) time, about 30 ns per triangle; allocates 36 bytes per triangle; inputs are not
 *         modified, and must not be while the result is in use.
 * Special: no triangles, or none with area and density, give a last sum of 0; `even` leaves density
 *         out of the sums, but on the surface.
 * @throws {OutboardError} INVALID_VALUE if a density is below 0; `data.row` names it
 * @example Usage
 * ```ts
 * const points = Float32Array.of(0, 0, 0, 2, 0, 0, 0, 2, 0);
 * const { area } = weighSurface(points, Uint32Array.of(0, 1, 2));
 * if (area !== 2) throw new Error("not half of 2 x 2");
 * ```
 */
export function weighSurface(
  points: FloatArray,
  triangles: Triangles,
  { density, even = false }: { density?: FloatArray | undefined; even?: boolean } = {},
): Surface {
  const negative = density?.findIndex((value) => !(value >= 0)) ?? -1;
  if (negative >= 0) {
    throw new OutboardError(
      "INVALID_VALUE",
      `Cannot use the density of point ${negative}: wanted 0 or more, got ${density![negative]}`,
      { input: "density", row: negative },
    );
  }
  const sums = new Float64Array(triangles.length);
  const normal = new Float64Array(3);
  let [area, sum] = [0, 0];
  for (let i = 0; i < triangles.length; i += 3) {
    normalOf(points, triangles, i, normal);
    const own = lengthOf(normal) / 2;
    area += own;
    for (let k = 0; k < 3; k++) {
      sum += own * (density === undefined || even ? 1 : density[triangles[i + k]!]!) / 3;
      sums[i + k] = sum;
    }
  }
  return { points, triangles, area, sums, guide: guideTo(sums), density };
}

/** Writes the cross product of two edges: the normal, twice as long as the triangle's area. */
export function normalOf(
  points: FloatArray,
  triangles: Triangles,
  i: number,
  out: Float64Array,
): void {
  const a = 3 * triangles[i]!;
  const b = 3 * triangles[i + 1]!;
  const c = 3 * triangles[i + 2]!;
  const ux = points[b]! - points[a]!;
  const uy = points[b + 1]! - points[a + 1]!;
  const uz = points[b + 2]! - points[a + 2]!;
  const vx = points[c]! - points[a]!;
  const vy = points[c + 1]! - points[a + 1]!;
  const vz = points[c + 2]! - points[a + 2]!;
  out[0] = uy * vz - uz * vy;
  out[1] = uz * vx - ux * vz;
  out[2] = ux * vy - uy * vx;
}

export function lengthOf(vector: Float64Array): number {
  const x = vector[0]!;
  const y = vector[1]!;
  const z = vector[2]!;
  return Math.sqrt(x * x + y * y + z * z);
}

/** For each of as many equal steps as there are sums, the first entry whose running sum is beyond it. */
function guideTo(sums: Float64Array): Uint32Array {
  const guide = new Uint32Array(sums.length);
  const total = sums[sums.length - 1] ?? 0;
  if (total === 0) return guide;
  for (let step = 0, entry = 0; step < guide.length; step++) {
    while (entry < sums.length - 1 && sums[entry]! <= total * (step / guide.length)) entry++;
    guide[step] = entry;
  }
  return guide;
}

/** Draws points on a surface, as many per area as its density asks for.
 * Shapes: samples (k, 3), (k,) and (k,), of which count rows from `at` on are written.
 * Units:  those of the surface's points.
 * Method: a corner by the running sums (a table says where to begin, Chen and Asau 1974), then
 *         weights of the three corners from Dirichlet's distribution (2, 1, 1) with 2 at that
 *         corner, made of the gaps between three uniform numbers (Devroye 1986, "Non-Uniform Random
 *         Variate Generation", chapter V). Point i depends on the seed and i alone. Additions,
 *         products, roots: the same on every machine.
 * Cost:   O(count) time, about 500 ns per point of a large mesh; allocates nothing that grows.
 * Special: count = 0 writes nothing; the surface's last sum must be above 0.
 * @example Usage
 * ```ts
 * const points = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0);
 * const surface = weighSurface(points, Uint32Array.of(0, 1, 2));
 * const samples = emptySamples(100);
 * sampleSurface(surface, samples, { seed: 1, first: 0, at: 0, count: 100 });
 * if (samples.positions.some((x) => x < 0 || x > 1)) throw new Error("off the triangle");
 * ```
 */
export function sampleSurface(
  { points, triangles, sums, guide, density }: Surface,
  { positions, triangles: ids, densities }: Samples,
  { seed, first, at, count }: { seed: number; first: number; at: number; count: number },
): void {
  const total = sums[sums.length - 1]!;
  const highest = float64Below(total);
  for (let done = 0; done < count; done += BATCH) {
    const size = Math.min(BATCH, count - done);
    const draw = { seed, stream: STREAM.scatter, draw: 0, first: first + done, count: size };
    const { high, low } = drawWords({ ...draw, bits: 53 });
    for (let i = 0; i < size; i++) {
      const part = unit(high[i]!, low[i]!);
      const target = Math.min(highest, total * part);
      let entry = guide[Math.floor(part * guide.length)]!;
      while (sums[entry]! <= target) entry++;
      while (entry > 0 && sums[entry - 1]! > target) entry--;
      const a = unit(high[BATCH + i]!, low[BATCH + i]!);
      const b = unit(high[2 * BATCH + i]!, low[2 * BATCH + i]!);
      const c = unit(high[3 * BATCH + i]!, low[3 * BATCH + i]!);
      const most = Math.max(a, b, c);
      const middle = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
      const ofP = middle;
      const ofQ = most - middle;
      const ofR = 1 - most;
      const corner = entry % 3;
      const triangle = entry - corner;
      const p = triangles[entry]!;
      const q = triangles[triangle + (corner + 1) % 3]!;
      const r = triangles[triangle + (corner + 2) % 3]!;
      const row = at + done + i;
      for (let axis = 0; axis < 3; axis++) {
        positions[3 * row + axis] = ofP * points[3 * p + axis]! + ofQ * points[3 * q + axis]! +
          ofR * points[3 * r + axis]!;
      }
      densities[row] = density === undefined
        ? 1
        : ofP * density[p]! + ofQ * density[q]! + ofR * density[r]!;
      ids[row] = triangle / 3;
    }
  }
}
