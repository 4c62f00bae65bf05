import { Random } from "../../handlers/random.ts";
import type { Job } from "./array_client.ts";

const SEED = 20261122;
const STEPS = 2 ** 24;

/** Points within a box of two units, (count, 3), the same ones every time. */
export function madePoints(count: number): Float32Array<ArrayBuffer> {
  const random = new Random(SEED);
  return Float32Array.from({ length: 3 * count }, () => random.below(STEPS) / STEPS * 2 - 1);
}

const SCALE = [2, 3, 4] as const;

/** A job that scales and moves points: another one for every `step`. */
export function transformJob(points: Float32Array<ArrayBuffer>, step: number): Job {
  const params = { scale: SCALE, translation: translationOf(step) };
  return { operation: "transform_points", params, points };
}

function translationOf(step: number): [number, number, number] {
  return [step % 7, 1, -2];
}

/** Compares all of an answer, to the bit. @throws {Error} Where it differs */
export function checkTransformed(
  came: Float32Array,
  points: Float32Array,
  step: number,
): void {
  if (came.length !== points.length) throw new Error(`${came.length} of ${points.length} came`);
  const translation = translationOf(step);
  for (let i = 0; i < came.length; i++) {
    const axis = i % 3;
    const wanted = Math.fround(SCALE[axis]! * points[i]! + translation[axis]!);
    if (came[i] !== wanted) throw new Error(`Number ${i} is ${came[i]}; wanted ${wanted}`);
  }
}

/** Compares an array with what was sent. @throws {Error} Where it differs */
export function checkSame(came: Float32Array, sent: Float32Array): void {
  if (came.length !== sent.length) throw new Error(`${came.length} of ${sent.length} came back`);
  const differs = came.findIndex((value, i) => value !== sent[i]);
  if (differs >= 0) throw new Error(`Number ${differs} came back as ${came[differs]}`);
}
