import type { Figure } from "../figure.ts";
import type { Stage } from "../stage.ts";
import { affine, fill, MILLION, objects, rows } from "./kernel_runs.ts";
import { separateKernels } from "./separate_kernels.ts";

const section = "Kernels";

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
    limits: "Memory: numpy goes over the points twice and makes two fresh arrays.",
    start: async (stage) => {
      const client = await stage.client();
      return {
        ours: affine(stage, true),
        reference: () => client.ask("affine", { count: rows(stage) }),
      };
    },
  },
  {
    name: "kernel_objects",
    section,
    title: "A hundred thousand objects' matrices, one thread: WebAssembly against the plain loop",
    ours: "the kernel on arrays in one shared WebAssembly memory, as jobs have them",
    reference: "the same kernel on arrays of other buffers: the plain loop",
    unit: "ms",
    goal: { of: "speedup", least: 1.5 },
    repetitions: { full: 21, quick: 2 },
    limits: "Matrices of 64 bytes, each looked at whole to see that it is a placement.",
    start: (stage) => ({ ours: objects(stage, true), reference: objects(stage, false) }),
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
    limits:
      "What the machine itself gives, see threads_machine_points: two cores that are halves " +
      "of one, or one memory for both. Slices finer than one a thread, taken as threads come " +
      "free, gained nothing: 2, 4 and 8 were tried.",
    start: (stage) => twoThreads(stage, "transform_points"),
  },
  {
    name: "threads_machine_points",
    section,
    title: "For comparison: ten million points by one matrix, what the machine itself gives",
    ours: "the kernel on one thread",
    reference: "the kernel on two threads, half of the points each, in memory of its own",
    unit: "ms",
    repetitions: { full: 5, quick: 1 },
    limits:
      "The two cores and the memory behind both. Two threads of a job can be about so many times " +
      "as fast as one; on a virtual machine that differs from minute to minute.",
    start: (stage) => separateKernels(stage, "points", 10 * MILLION),
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
    limits: "What the machine itself gives, see threads_machine_normals; finer slices gained " +
      "nothing here either.",
    start: (stage) => twoThreads(stage, "random_vectors"),
  },
  {
    name: "threads_machine_normals",
    section,
    title: "For comparison: thirty million normal numbers, what the machine itself gives",
    ours: "the kernel on one thread",
    reference: "the kernel on two threads, half of the vectors each, in memory of its own",
    unit: "ms",
    repetitions: { full: 5, quick: 1 },
    limits: "The two cores: where they are two halves of one, they share its units.",
    start: (stage) => separateKernels(stage, "normals", 10 * MILLION),
  },
];
