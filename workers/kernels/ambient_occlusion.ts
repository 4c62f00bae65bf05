import { cosOfTurns, sinOfTurns } from "./elementary.ts";
import { type FloatArray, requireRows, type Rows } from "./float_array.ts";
import type { MeshTree } from "./mesh_tree.ts";
import { BATCH, drawWords, STREAM, unit } from "./philox.ts";

interface Options extends Rows {
  tree: MeshTree;
  /** Rays from every point. */
  samples: number;
  /** What is farther away does not count; Infinity for everything. */
  distance: number;
  /** How far in front of the surface the rays begin. */
  offset: number;
  /** 0 to 2^53 - 1. */
  seed: number;
}

/** Measures how open the half-space in front of every point of a mesh is.
 * Shapes: normals (n, 3) float32 or float64, of any length; out (n,) float32 or float64, of which
 *         rows start up to end are written; the points are those of the tree, (n, 3).
 * Units:  lengths as in the points; the results are parts, 0 closed in to 1 open.
 * Method: the part of rays that meet no triangle within the distance, spread by the cosine to the
 *         normal (Zhukov, Iones and Kronin 1998, "An Ambient Light Illumination Model"). Rays are
 *         the Hammersley points, shifted for every point by two numbers from
 *         {@linkcode drawWords} (Cranley and Patterson 1976), so neighbours do not share errors;
 *         turned to the normal by the basis of Duff et al. 2017,
 *         https://jcgt.org/published/0006/01/01/.
 * Cost:   O((end - start) samples log t) time, about 2 us per ray; allocates nothing that grows
 *         with the rows; inputs are not modified.
 * Special: an empty range writes nothing; a point whose normal is 0 0 0 counts as open.
 * @throws {OutboardError} INVALID_SHAPE if lengths do not agree
 * @example Usage
 * ```ts
 * import { buildMeshTree } from "./mesh_tree.ts";
 * const mesh = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0);
 * const tree = await buildMeshTree(mesh, Uint32Array.of(0, 1, 2), () => {});
 * const options = { samples: 16, distance: 1, offset: 0.001, seed: 0, start: 0, end: 3 };
 * const out = new Float32Array(3);
 * ambientOcclusion(Float32Array.of(0, 0, 1, 0, 0, 1, 0, 0, 1), out, { tree, ...options });
 * if (out[0] !== 1) throw new Error("nothing is above");
 * ```
 */
export function ambientOcclusion(normals: FloatArray, out: FloatArray, options: Options): void {
  const { tree, seed, start, end } = options;
  requireRows("the mesh's points", tree.points, { width: 3, start, end });
  requireRows("the normals", normals, { width: 3, start, end });
  requireRows("the occlusion", out, { width: 1, start, end });
  const pattern = hammersley(options.samples);
  for (let first = start; first < end; first += BATCH) {
    const count = Math.min(BATCH, end - first);
    const draw = { seed, stream: STREAM.occlusion, draw: 0, first, count, bits: 32 } as const;
    const { high } = drawWords(draw);
    for (let i = 0; i < count; i++) {
      const shift = [unit(high[i]!, 0), unit(high[BATCH + i]!, 0)] as const;
      out[first + i] = openness(normals, first + i, shift, pattern, options);
    }
  }
}

/** Pairs of numbers in [0, 1) that cover the square evenly: (i + 1/2) / n, and i with its bits turned round. */
function hammersley(n: number): Float64Array {
  const pairs = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    pairs[2 * i] = (i + 0.5) / n;
    let weight = 0.5;
    for (let bits = i; bits > 0; bits >>>= 1, weight /= 2) {
      if (bits & 1) pairs[2 * i + 1]! += weight;
    }
  }
  return pairs;
}

const origin = new Float64Array(3);
const direction = new Float64Array(3);

/** The part of a point's rays that meet nothing. */
function openness(
  normals: FloatArray,
  row: number,
  [shiftU, shiftV]: readonly [number, number],
  pattern: Float64Array,
  { tree, distance, offset }: Options,
): number {
  let [x, y, z] = [normals[3 * row]!, normals[3 * row + 1]!, normals[3 * row + 2]!];
  const length = Math.sqrt(x * x + y * y + z * z);
  if (!(length > 0)) return 1;
  [x, y, z] = [x / length, y / length, z / length];
  origin[0] = tree.points[3 * row]! + offset * x;
  origin[1] = tree.points[3 * row + 1]! + offset * y;
  origin[2] = tree.points[3 * row + 2]! + offset * z;
  const sign = z < 0 ? -1 : 1;
  const a = -1 / (sign + z);
  const b = x * y * a;
  let open = 0;
  for (let k = 0; k < pattern.length; k += 2) {
    const u = (pattern[k]! + shiftU) % 1;
    const turns = (pattern[k + 1]! + shiftV) % 1;
    const ring = Math.sqrt(u);
    const s = ring * cosOfTurns(turns);
    const t = ring * sinOfTurns(turns);
    const height = Math.sqrt(1 - u);
    direction[0] = s * (1 + sign * x * x * a) + t * b + height * x;
    direction[1] = s * sign * b + t * (sign + y * y * a) + height * y;
    direction[2] = -s * sign * x - t * y + height * z;
    if (tree.firstHit(origin, direction, distance) === Infinity) open++;
  }
  return open / (pattern.length / 2);
}
