import { join } from "node:path";
import { RunningMain } from "../../launch/running_main.ts";
import { buildExtension } from "../blender_stage.ts";
import { ArrayClient } from "../clients/array_client.ts";
import { checkTransformed, madePoints, transformJob } from "../clients/made_points.ts";
import type { Figure } from "../figure.ts";
import { ROOT } from "../stage.ts";
import { mixedJobs, SOAK_FLAGS } from "./mixed_jobs.ts";

const section = "Memory and time";
const MIB = 2 ** 20;
const IN_FLIGHT = 8;

/** Runs `count` jobs of 12 MB, {@linkcode IN_FLIGHT} at a time. */
async function largeJobs(client: ArrayClient, count: number, points: Float32Array<ArrayBuffer>) {
  let step = 0;
  await Promise.all(Array.from({ length: IN_FLIGHT }, async () => {
    while (step < count) {
      const mine = ++step;
      checkTransformed(await client.run(transformJob(points, mine)), points, mine);
    }
  }));
}

export const MEMORY: Figure[] = [
  {
    name: "memory_peak",
    section,
    title: `One hundred jobs of 12 MB, ${IN_FLIGHT} in flight: peak over idle`,
    ours: "the server process's resident memory at its peak, less before",
    reference: `the points in flight: ${IN_FLIGHT} x 12 MB, what comes back not counted`,
    unit: "MiB",
    goal: { of: "ratio", most: 3 },
    needs: ["linux"],
    repetitions: { full: 1, quick: 1 },
    warmUp: false,
    limits:
      "Each job has its input and its output: held against both, the ratio is half of this. " +
      "The rest is what the WebSocket has read ahead: its buffer grows to twice of what the " +
      "system's own holds.",
    async start(stage) {
      const server = await stage.outboard("memory");
      const [client, processes] = [await ArrayClient.greet(server), await stage.processes()];
      const pid = (await processes.family(server.pid)).at(-1)!;
      const points = madePoints(stage.quick ? 100_000 : 1_000_000);
      // The threads have loaded the operation and compiled it: that is no job's memory.
      await largeJobs(client, 10, madePoints(1000));
      return {
        ours: async () => {
          const idle = await processes.residentMib(pid);
          await processes.forgetPeak(pid);
          await largeJobs(client, stage.quick ? 16 : 100, points);
          return await processes.peakMib(pid) - idle;
        },
        reference: () => Promise.resolve(IN_FLIGHT * points.byteLength / MIB),
        end: () => client.close(),
      };
    },
  },
  {
    name: "memory_soak",
    section,
    title: "Ten thousand jobs of mixed sizes and fates: growth of memory over the second half",
    ours: "MiB per thousand jobs, with the 95 % confidence interval of the slope",
    unit: "MiB per 1000 jobs",
    goal: { of: "low", most: 0 },
    needs: ["linux"],
    repetitions: { full: 1, quick: 1 },
    warmUp: false,
    limits:
      "What is left on a thread's JavaScript heap after a full collection does not grow, and full " +
      "collections every thousand jobs changed nothing here. Alone, clients that come and go stop " +
      "growing it after ten thousand, failing jobs after thirty thousand, and cancelled ones never " +
      "do; the pool of buffers grows when more is in use at a time than ever before. In the mix " +
      "twenty thousand jobs more went on with 0.7 MiB per thousand.",
    async start(stage) {
      const server = await stage.outboard("soak", SOAK_FLAGS);
      const processes = await stage.processes();
      const pid = (await processes.family(server.pid)).at(-1)!;
      const jobs = stage.quick ? 300 : 10_000;
      return { ours: () => mixedJobs(server, jobs, () => processes.residentMib(pid)) };
    },
  },
  {
    name: "start_ready",
    section,
    title: "From the command to a server that is ready, everything cached",
    ours: "main.ts to its line 'ready'",
    unit: "ms",
    goal: { of: "value", most: 500 },
    repetitions: { full: 9, quick: 1 },
    limits:
      "Two starts of Deno, one after the other; then the threads, which are made one after the " +
      "other, the main thread waiting for each, and load the operations and zod.",
    start: () => ({
      ours: async () => {
        const begun = performance.now();
        await using main = new RunningMain(["--json", "--port", "0"]);
        await main.ready();
        return performance.now() - begun;
      },
    }),
  },
  {
    name: "extension_size",
    section,
    title: "The extension's zip",
    ours: "with the one wheel that it brings",
    unit: "kB",
    goal: { of: "value", most: 1000 },
    repetitions: { full: 1, quick: 1 },
    warmUp: false,
    limits: "Its own files are less than half of it; the rest is the WebSocket library.",
    start: (stage) => ({
      ours: async () => (await Deno.stat(await buildExtension(stage.python))).size / 1000,
    }),
  },
  {
    name: "extension_import",
    section,
    title: "Import of the extension's package in a fresh Python, numpy loaded before",
    ours: "import outboard; the WebSocket library comes with the first connection",
    reference: "import numpy, in the same Python before it",
    unit: "ms",
    goal: { of: "value", most: 50 },
    repetitions: { full: 9, quick: 1 },
    limits: "Reading and running some forty compiled files.",
    start: (stage) => {
      const took = (what: string) => async () => {
        const program = join(ROOT, "tests", "bench", "clients", "time_import.py");
        const { stdout, code } = await new Deno.Command(stage.python, { args: [program] }).output();
        const times = JSON.parse(new TextDecoder().decode(stdout)) as Record<string, number>;
        if (code !== 0 || times[what] === undefined) throw new Error(`${program} failed`);
        return times[what];
      };
      return { ours: took("outboard"), reference: took("numpy") };
    },
  },
];
