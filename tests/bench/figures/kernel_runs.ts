import { rememberMemory } from "../../../workers/kernels/wasm_memory.ts";
import type { Vector3 } from "../../../workers/kernels/float_array.ts";
import { fillNormal, fillUniform } from "../../../workers/kernels/random_vectors.ts";
import { transformObjects } from "../../../workers/kernels/transform_objects.ts";
import { transformPoints } from "../../../workers/kernels/transform_points.ts";
import { checkTransformed, madePoints, transformJob } from "../clients/made_points.ts";
import type { Sampler, Sides } from "../figure.ts";
import type { Stage } from "../stage.ts";

const PAGE = 65_536;
export const MILLION = 1_000_000;

/** Points, vectors: as many on both sides. */
export function rows(stage: Stage): number {
  return stage.quick ? MILLION / 20 : MILLION;
}

/** Two arrays in one shared WebAssembly memory, as a job's arrays lie, or each in a buffer of its own. */
export function room(length: number, shared: boolean): [Float32Array, Float32Array] {
  if (!shared) return [new Float32Array(length), new Float32Array(length)];
  const second = Math.ceil(4 * length / 16) * 16;
  const pages = Math.ceil(2 * second / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { buffer } = memory;
  // A shared memory's `buffer` is not the same object every time: the one that arrays refer to counts.
  rememberMemory(memory);
  return [new Float32Array(buffer, 0, length), new Float32Array(buffer, second, length)];
}

/** The kernel alone, on one thread. @param shared Whether WebAssembly can work on the arrays where they lie */
export function affine(stage: Stage, shared: boolean): Sampler {
  const count = rows(stage);
  const [points, out] = room(3 * count, shared);
  const made = madePoints(count);
  points.set(made);
  let step = 0;
  return (): Promise<number> => {
    const { scale, translation } = transformJob(made, ++step).params as Record<string, number[]>;
    const [[sx, sy, sz], [tx, ty, tz]] = [scale, translation] as [number[], number[]];
    const matrices = Float64Array.from(
      [sx!, 0, 0, tx!, 0, sy!, 0, ty!, 0, 0, sz!, tz!, 0, 0, 0, 1],
    );
    const begun = performance.now();
    transformPoints(points, out, { matrices, start: 0, end: count });
    const ms = performance.now() - begun;
    checkTransformed(out, made, step);
    return Promise.resolve(ms);
  };
}

const OBJECTS = 100_000;
const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** Objects at points, moved and scaled about the world's origin; the kernel alone, on one thread. */
export function objects(stage: Stage, shared: boolean): Sampler {
  const count = stage.quick ? OBJECTS / 20 : OBJECTS;
  const [matrices, out] = room(16 * count, shared);
  const points = madePoints(count);
  for (let row = 0; row < count; row++) {
    matrices.set(IDENTITY, 16 * row);
    for (const axis of [0, 1, 2]) matrices[16 * row + 4 * axis + 3] = points[3 * row + axis]!;
  }
  const still: Vector3 = [0, 0, 0];
  const nothing = { translation: still, rotation: still, scale: still };
  let step = 0;
  return (): Promise<number> => {
    const { scale, translation } = transformJob(points, ++step).params as Record<string, Vector3>;
    const common = { translation: translation!, rotation: still, scale: scale! };
    const random = { seed: SEED, distribution: "uniform", amounts: nothing } as const;
    const begun = performance.now();
    transformObjects(matrices, out, { start: 0, end: count, common, pivot: still, random });
    const ms = performance.now() - begun;
    const origins = points.map((_, i) => out[16 * Math.floor(i / 3) + 4 * (i % 3) + 3]!);
    checkTransformed(origins, points, step);
    return Promise.resolve(ms);
  };
}

const SEED = 7;

/** Mean and deviation within six of their standard errors. @throws {Error} Where they are not */
function checkMoments(out: Float32Array, mean: number, deviation: number): void {
  const n = out.length;
  const middle = out.reduce((sum, x) => sum + x, 0) / n;
  const spread = Math.sqrt(out.reduce((sum, x) => sum + (x - middle) ** 2, 0) / n);
  const most = 6 * deviation / Math.sqrt(n);
  if (Math.abs(middle - mean) < most && Math.abs(spread - deviation) < most) return;
  throw new Error(`Mean ${middle}, deviation ${spread}; wanted ${mean} and ${deviation}`);
}

/** A random fill on one thread against numpy's Philox, as many numbers. */
export async function fill(stage: Stage, kind: "normals" | "uniforms"): Promise<Sides> {
  const client = await stage.client();
  const count = rows(stage);
  const [out] = room(3 * count, true);
  const range = { start: 0, end: count };
  let seed = SEED;
  return {
    ours: (): Promise<number> => {
      const begun = performance.now();
      if (kind === "normals") {
        fillNormal(out, { ...range, seed: ++seed, mean: [0, 0, 0], standardDeviation: 1 });
      } else fillUniform(out, { ...range, seed: ++seed, low: [0, 0, 0], high: [1, 1, 1] });
      const ms = performance.now() - begun;
      if (kind === "normals") checkMoments(out, 0, 1);
      else checkMoments(out, 0.5, Math.sqrt(1 / 12));
      return Promise.resolve(ms);
    },
    reference: () => client.ask(kind, { count: 3 * count }),
  };
}
