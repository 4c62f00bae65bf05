import { type FloatArray, requireRows, type Rows, type Vector3 } from "./float_array.ts";
import { randomSequence } from "./random_sequence.ts";
import { STREAM } from "./philox.ts";

/** Smooth noise over space, -1 to 1. */
export type Noise = (x: number, y: number, z: number) => number;

/** One layer of a fractal: `weight` times the noise at the point times `frequency` plus `offset`. */
export interface Octave {
  noise: Noise;
  frequency: number;
  weight: number;
  offset: Vector3;
}

export interface FractalOptions {
  /** 0 to 2^53 - 1. */
  seed: number;
  /** Independent fractals under one seed: 0 to 2. */
  channel: number;
  /** Size of the largest features. */
  scale: number;
  octaves: number;
  /** How much finer each octave is than the one before. */
  lacunarity: number;
  /** How much weaker each octave is than the one before. */
  gain: number;
  /** Makes a noise of random numbers in [0, 1). */
  createNoise: (random: () => number) => Noise;
}

/** Where octaves are moved to at random: far enough apart that they share no features. */
const FARTHEST_OFFSET = 256;

/** Makes the octaves of a fractal noise whose values lie between -1 and 1.
 * Shapes: returns `octaves` layers.
 * Units:  scale in those of the points; the rest are factors.
 * Method: fractional Brownian motion: octave k has frequency lacunarity^k / scale and weight gain^k,
 *         the weights divided by their sum. Each octave has a noise and an offset of its own, so
 *         that their zeros do not meet at the origin. Powers by repeated products, which are the
 *         same on every machine.
 * Cost:   O(octaves), each with the cost of createNoise, about 10 us.
 * Special: octaves = 0 gives none; gain = 0 leaves the first octave only.
 * @example Usage
 * ```ts
 * const fractal = fractalOctaves({
 *   ...{ seed: 1, channel: 0, scale: 2, octaves: 2, lacunarity: 2, gain: 1 },
 *   createNoise: () => (x) => x,
 * });
 * if (fractal[1]?.frequency !== 1 || fractal[1].weight !== 0.5) throw new Error("wrong layer");
 * ```
 */
export function fractalOctaves(options: FractalOptions): Octave[] {
  const { seed, channel, scale, octaves, lacunarity, gain, createNoise } = options;
  const random = randomSequence(seed, STREAM.noise + channel);
  const layers: Octave[] = [];
  let frequency = 1 / scale;
  let weight = 1;
  let total = 0;
  for (let k = 0; k < octaves; k++) {
    const noise = createNoise(random);
    const coordinate = () => FARTHEST_OFFSET * random();
    layers.push({ noise, frequency, weight, offset: [coordinate(), coordinate(), coordinate()] });
    total += weight;
    frequency *= lacunarity;
    weight *= gain;
  }
  for (const layer of layers) layer.weight /= total;
  return layers;
}

function valueAt(octaves: readonly Octave[], x: number, y: number, z: number): number {
  let value = 0;
  for (let k = 0; k < octaves.length; k++) {
    const { noise, frequency, weight, offset } = octaves[k]!;
    value += weight *
      noise(x * frequency + offset[0], y * frequency + offset[1], z * frequency + offset[2]);
  }
  return value;
}

/** Moves points along their normals by a fractal noise.
 * Shapes: points (n, 3), normals (n, 3), out (n, 3), each float32 or float64, of which rows start
 *         up to end are written.
 * Units:  strength in those of the points; normals of any length.
 * Method: p + strength v(p) n / |n|, v the sum of {@linkcode fractalOctaves}; in float64, rounded
 *         once to the output's type.
 * Cost:   O((end - start) octaves) time, about 40 ns per point and octave of simplex noise;
 *         allocates nothing; inputs are not modified unless out is points.
 * Special: an empty range writes nothing; a normal of length 0 leaves its point in place; no
 *         octaves leave all in place; points further than 2^31 features away stay too; NaN and
 *         infinities spread.
 * @throws {OutboardError} INVALID_SHAPE if the rows do not lie within the arrays
 * @example Usage
 * ```ts
 * const points = Float32Array.of(1, 2, 3);
 * const octave = { noise: () => 1, frequency: 1, weight: 1, offset: [0, 0, 0] as const };
 * const normals = Float32Array.of(0, 0, 9);
 * displaceAlongNormals(points, normals, points, {
 *   ...{ octaves: [octave], strength: 4, start: 0, end: 1 },
 * });
 * if (points[2] !== 7) throw new Error("not moved by 4");
 * ```
 */
export function displaceAlongNormals(
  points: FloatArray,
  normals: FloatArray,
  out: FloatArray,
  { octaves, strength, start, end }: Rows & { octaves: readonly Octave[]; strength: number },
): void {
  requireRows("the points", points, { width: 3, start, end });
  requireRows("the normals", normals, { width: 3, start, end });
  requireRows("the displaced points", out, { width: 3, start, end });
  for (let i = 3 * start; i < 3 * end; i += 3) {
    const [x, y, z] = [points[i]!, points[i + 1]!, points[i + 2]!];
    const [nx, ny, nz] = [normals[i]!, normals[i + 1]!, normals[i + 2]!];
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz);
    const distance = length === 0 ? 0 : strength * valueAt(octaves, x, y, z) / length;
    out[i] = x + distance * nx;
    out[i + 1] = y + distance * ny;
    out[i + 2] = z + distance * nz;
  }
}

/** Moves points freely by three independent fractal noises, one for each axis.
 * Shapes: points (n, 3), out (n, 3), float32 or float64, of which rows start up to end are written.
 * Units:  strength in those of the points.
 * Method: p + strength (u(p), v(p), w(p)), each the sum of {@linkcode fractalOctaves}; in float64,
 *         rounded once to the output's type.
 * Cost:   O((end - start) octaves) time, about 120 ns per point and octave of simplex noise;
 *         allocates nothing; inputs are not modified unless out is points.
 * Special: as {@linkcode displaceAlongNormals}.
 * @throws {OutboardError} INVALID_SHAPE if the rows do not lie within the arrays
 * @example Usage
 * ```ts
 * const points = Float32Array.of(1, 2, 3);
 * const up = [{ noise: () => 1, frequency: 1, weight: 1, offset: [0, 0, 0] as const }];
 * displaceFreely(points, points, { octaves: [[], [], up], strength: 4, start: 0, end: 1 });
 * if (points.join() !== "1,2,7") throw new Error("not moved by 4");
 * ```
 */
export function displaceFreely(
  points: FloatArray,
  out: FloatArray,
  { octaves, strength, start, end }: Rows & {
    octaves: readonly [readonly Octave[], readonly Octave[], readonly Octave[]];
    strength: number;
  },
): void {
  requireRows("the points", points, { width: 3, start, end });
  requireRows("the displaced points", out, { width: 3, start, end });
  const [ofX, ofY, ofZ] = octaves;
  for (let i = 3 * start; i < 3 * end; i += 3) {
    const [x, y, z] = [points[i]!, points[i + 1]!, points[i + 2]!];
    out[i] = x + strength * valueAt(ofX, x, y, z);
    out[i + 1] = y + strength * valueAt(ofY, x, y, z);
    out[i + 2] = z + strength * valueAt(ofZ, x, y, z);
  }
}
