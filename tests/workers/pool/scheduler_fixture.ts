import type { ArrayRef } from "../../../workers/array.ts";
import { OutboardError } from "../../../workers/errors.ts";
import type { JobRequest } from "../../../workers/job.ts";
import type { Slice } from "../../../workers/messages.ts";
import { Scheduler } from "../../../workers/scheduler.ts";

export const OPERATIONS = new URL("../../operations/", import.meta.url).href;

/** A running scheduler with the real pool; `replaced` lists the threads that were replaced and why. */
export interface Fixture {
  scheduler: Scheduler;
  replaced: [number, string][];
}

export async function withScheduler(
  options: { threads: number; maxQueuedJobs?: number },
  test: (fixture: Fixture) => Promise<void>,
): Promise<void> {
  const replaced: [number, string][] = [];
  const scheduler = new Scheduler({
    threads: options.threads,
    maxQueuedJobs: options.maxQueuedJobs ?? 1000,
    onReplaced: (thread, reason) => replaced.push([thread, reason]),
  });
  await scheduler.pool.start();
  try {
    await test({ scheduler, replaced });
  } finally {
    await scheduler.stop(new OutboardError("CANCELLED", "The test is over"));
  }
}

/** A slice of an operation of tests/operations/. */
export function sliceOf(name: string, more: Partial<Slice> = {}): Slice {
  return {
    module: `${OPERATIONS}${name}.ts`,
    name,
    params: {},
    inputs: {},
    outputs: {},
    dimensions: {},
    range: { start: 0, end: 0 },
    maxArrayBytes: 2 ** 28,
    ...more,
  };
}

export function jobOf(slices: Slice[], more: Partial<JobRequest> = {}): JobRequest {
  return {
    session: "one",
    operation: slices[0]?.name ?? "",
    slices,
    timeoutMs: 60_000,
    onProgress: () => {},
    onStack: () => {},
    ...more,
  };
}

/** An array in shared memory. */
export function shared(dtype: ArrayRef["dtype"], shape: number[], bytes: number): ArrayRef {
  return { buffer: new SharedArrayBuffer(bytes), byteOffset: 0, dtype, shape };
}

/** A job that runs until its latch is opened; `begun` fulfils when a thread has taken it. */
export interface LatchedJob {
  request: JobRequest;
  begun: Promise<unknown>;
  open(): void;
}

export function latched(more: Partial<JobRequest> = {}): LatchedJob {
  const latch = shared("int32", [2], 8);
  const flags = new Int32Array(latch.buffer);
  const request = jobOf(
    [sliceOf("wait_for_latch", {
      inputs: { latch },
      outputs: { latch: shared("int32", [2], 8) },
    })],
    more,
  );
  const begun = Atomics.waitAsync(flags, 1, 0);
  return {
    request,
    begun: Promise.resolve(begun.value),
    open(): void {
      Atomics.store(flags, 0, 1);
      Atomics.notify(flags, 0);
    },
  };
}
