import { rememberMemory } from "../../../workers/kernels/wasm_memory.ts";
import { fillNormal, fillUniform } from "../../../workers/kernels/random_vectors.ts";
import { transformPoints } from "../../../workers/kernels/transform_points.ts";
import { checkTransformed, madePoints, transformJob } from "../clients/made_points.ts";
import type { Figure } from "../figure.ts";
import type { Stage } from "../stage.ts";

const section = "Kernels";
const PAGE = 65_536;
const MILLION = 1_000_000;

function rows(stage: Stage): number {
  return stage.quick ? MILLION / 20 : MILLION;
}

/** Two arrays of points in one shared WebAssembly memory, as a job's arrays lie, or each in a buffer of its own. */
function room(count: number, shared: boolean): Float32Array[] {
  if (!shared) return [new Float32Array(3 * count), new Float32Array(3 * count)];
  const pages = Math.ceil(2 * 12 * count / PAGE) + 1;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { buffer } = memory;
  // A shared memory's `buffer` is not the same object every time: the one that arrays refer to counts.
  rememberMemory(memory);
  const second = Math.ceil(12 * count / 16) * 16;
  return [new Float32Array(buffer, 0, 3 * count), new Float32Array(buffer, second, 3 * count)];
}

/** The kernel alone, on one thread. @param shared Whether WebAssembly can work on the arrays where they lie */
function affine(stage: Stage, shared: boolean) {
  const count = rows(stage);
  const [points, out] = room(count, shared) as [Float32Array, Float32Array];
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
async function fill(stage: Stage, kind: "normals" | "uniforms") {
  const client = await stage.client();
  const count = rows(stage);
  const [out] = room(count, true) as [Float32Array, Float32Array];
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

/** Two threads against one, as the servers themselves time it; the bytes must be the same. */
async function twoThreads(stage: Stage, operation: string) {
  const client = await stage.client();
  const [one, two] = [
    await stage.outboard("one thread", ["--threads", "1"]),
    await stage.outboard(),
  ];
  const job = { operation, count: stage.quick ? MILLION / 10 : 10 * MILLION };
  return {
    ours: () => client.ask("compute_time", { ...job, home: two.home }),
    reference: () => client.ask("compute_time", { ...job, home: one.home }),
  };
}

export const KERNELS: Figure[] = [
  {
    name: "kernel_affine",
    section,
    title: "One million points by one matrix, one thread: WebAssembly against the plain loop",
    ours: "the kernel on arrays in one shared WebAssembly memory, as jobs have them",
    reference: "the same kernel on arrays of other buffers: the plain loop",
    unit: "ms",
    goal: { of: "speedup", least: 1.5 },
    repetitions: { full: 21, quick: 2 },
    limits:
      "Both compute in float64 and round once, which leaves two numbers to a SIMD register; " +
      "below that lies memory.",
    start: (stage) => ({ ours: affine(stage, true), reference: affine(stage, false) }),
  },
  {
    name: "kernel_affine_numpy",
    section,
    title: "For comparison: the same against numpy",
    ours: "the kernel on arrays in one shared WebAssembly memory",
    reference: "numpy, P @ A.T + t, float32, which allocates its result",
    unit: "ms",
    repetitions: { full: 21, quick: 2 },
    limits: "numpy goes over the points twice and makes two fresh arrays.",
    start: async (stage) => {
      const client = await stage.client();
      return {
        ours: affine(stage, true),
        reference: () => client.ask("affine", { count: rows(stage) }),
      };
    },
  },
  {
    name: "kernel_normals",
    section,
    title: "Three million normal numbers, float32, one thread",
    ours: "Philox and ziggurat, the same bytes on every machine",
    reference: "numpy's Philox, standard_normal into an array that is there",
    unit: "ms",
    goal: { of: "ratio", most: 1.5 },
    limits: "Ten rounds of Philox for each vector, and tables of the ziggurat that are looked up " +
      "one number at a time.",
    start: (stage) => fill(stage, "normals"),
  },
  {
    name: "kernel_uniforms",
    section,
    title: "Three million uniform numbers, float32, one thread",
    ours: "Philox, the same bytes on every machine",
    reference: "numpy's Philox, random into an array that is there",
    unit: "ms",
    goal: { of: "ratio", most: 1.5 },
    limits: "Ten rounds of Philox for each vector, of whose four words three are used.",
    start: (stage) => fill(stage, "uniforms"),
  },
  {
    name: "threads_points",
    section,
    title: "Ten million points by one matrix: two threads against one, the same bytes",
    ours: "compute time on two threads",
    reference: "compute time on one thread",
    unit: "ms",
    goal: { of: "speedup", least: 1.8 },
    repetitions: { full: 5, quick: 1 },
    limits: "Memory: 240 MB go through the cores, and one core alone takes much of what the " +
      "memory gives.",
    start: (stage) => twoThreads(stage, "transform_points"),
  },
  {
    name: "threads_normals",
    section,
    title: "Thirty million normal numbers: two threads against one, the same bytes",
    ours: "compute time on two threads",
    reference: "compute time on one thread",
    unit: "ms",
    goal: { of: "speedup", least: 1.8 },
    repetitions: { full: 5, quick: 1 },
    limits: "The two cores themselves: where they are two halves of one, they share its units.",
    start: (stage) => twoThreads(stage, "random_vectors"),
  },
];
