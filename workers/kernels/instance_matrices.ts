import { cosOfTurns, sinOfTurns } from "./elementary.ts";
import type { FloatArray } from "./float_array.ts";
import { drawBlock, STREAM, unit } from "./philox.ts";
import { lengthOf, normalOf, type Samples, type Surface } from "./surface_samples.ts";

export interface Placing {
  /** 0 to 2^53 - 1. */
  seed: number;
  /** How far each is turned about the normal at most, in full turns. */
  turns: number;
  scale: number;
  /** How much smaller the smallest are, 0 to 1. */
  variation: number;
}

const normal = new Float64Array(3);

/** Makes the matrix of an instance that stands on a surface, its Z axis along the normal.
 * Shapes: samples (k, 3) and (k,), of which row `sample` is read; out (k, 4, 4) float32 or float64,
 *         row-major, for column vectors, of which row `to` is written.
 * Units:  those of the surface's points; turns are full turns; scale and variation factors.
 * Method: the frame of Duff et al. 2017, "Building an Orthonormal Basis, Revisited",
 *         https://jcgt.org/published/0006/01/01/, turned about its Z axis by up to `turns`, times
 *         scale (1 - u variation) with u in [0, 1). The random numbers depend on seed and `index`
 *         alone. In float64, rounded once to the output's type.
 * Cost:   O(1) time, about 200 ns; allocates one small array.
 * Special: turns = 0 leaves the X axis in the plane of world X and the normal where that is one.
 * @example Usage
 * ```ts
 * import { emptySamples, sampleSurface, weighSurface } from "./surface_samples.ts";
 * const points = Float32Array.of(0, 0, 5, 1, 0, 5, 0, 1, 5);
 * const surface = weighSurface(points, Uint32Array.of(0, 1, 2));
 * const samples = emptySamples(1);
 * sampleSurface(surface, samples, { seed: 1, first: 0, at: 0, count: 1 });
 * const out = new Float32Array(16);
 * const placing = { seed: 1, turns: 1, scale: 2, variation: 0 };
 * placeOnSurface(surface, samples, out, { ...placing, sample: 0, index: 0, to: 0 });
 * if (out[10] !== 2 || out[11] !== 5) throw new Error("does not stand on the surface");
 * ```
 */
export function placeOnSurface(
  surface: Surface,
  samples: Samples,
  out: FloatArray,
  { seed, turns, scale, variation, sample, index, to }: Placing & {
    sample: number;
    index: number;
    to: number;
  },
): void {
  const drawn = drawBlock({ seed, stream: STREAM.scatter, draw: 1, index, retry: 0 });
  const turn = turns * unit(drawn[0], drawn[1]);
  const size = scale * (1 - variation * unit(drawn[2], drawn[3]));
  normalOf(surface.points, surface.triangles, 3 * samples.triangles[sample]!, normal);
  const length = lengthOf(normal);
  const nx = normal[0]! / length;
  const ny = normal[1]! / length;
  const nz = normal[2]! / length;
  const sign = nz < 0 ? -1 : 1;
  const a = -1 / (sign + nz);
  const b = nx * ny * a;
  const c = size * cosOfTurns(turn);
  const s = size * sinOfTurns(turn);
  const at = 16 * to;
  const ux = 1 + sign * nx * nx * a;
  const vy = sign + ny * ny * a;
  out[at] = c * ux + s * b;
  out[at + 1] = c * b - s * ux;
  out[at + 2] = size * nx;
  out[at + 4] = c * sign * b + s * vy;
  out[at + 5] = c * vy - s * sign * b;
  out[at + 6] = size * ny;
  out[at + 8] = -c * sign * nx - s * ny;
  out[at + 9] = s * sign * nx - c * ny;
  out[at + 10] = size * nz;
  for (let axis = 0; axis < 3; axis++) {
    out[at + 4 * axis + 3] = samples.positions[3 * sample + axis]!;
  }
  out[at + 12] = 0;
  out[at + 13] = 0;
  out[at + 14] = 0;
  out[at + 15] = 1;
}
