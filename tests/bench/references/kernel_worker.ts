/// <reference lib="deno.worker" />
import { fillNormal } from "../../../workers/kernels/random_vectors.ts";
import { transformPoints } from "../../../workers/kernels/transform_points.ts";
import { madePoints } from "../clients/made_points.ts";
import { room } from "../figures/kernel_runs.ts";

/** What a kernel does to so many rows, in memory that no other thread touches. */
export interface KernelTask {
  kernel: "points" | "normals";
  count: number;
}

const SHIFT = Float64Array.from([1, 0, 0, 1, 0, 1, 0, 2, 0, 0, 1, 3, 0, 0, 0, 1]);
const BLOCK = 65_536;

const rooms = new Map<number, [Float32Array, Float32Array]>();

function roomFor(count: number): [Float32Array, Float32Array] {
  const known = rooms.get(count);
  if (known !== undefined) return known;
  const [points, out] = room(3 * count, true);
  points.set(madePoints(count));
  out.fill(0); // The first touch of memory is no work of the kernel's.
  rooms.set(count, [points, out]);
  return [points, out];
}

self.onmessage = ({ data: { kernel, count } }: MessageEvent<KernelTask>) => {
  const [points, out] = roomFor(count);
  const begun = performance.now();
  for (let start = 0; start < count; start += BLOCK) {
    const rows = { start, end: Math.min(count, start + BLOCK) };
    if (kernel === "points") transformPoints(points, out, { ...rows, matrices: SHIFT });
    else fillNormal(out, { ...rows, seed: 7, mean: [0, 0, 0], standardDeviation: 1 });
  }
  const ms = performance.now() - begun;
  const last = 3 * count - 3;
  const wrong = kernel === "points" && out[last] !== Math.fround(points[last]! + 1);
  self.postMessage(wrong || out[last] === 0 ? NaN : ms);
};
