import type { ArrayRef } from "../../workers/array.ts";
import type { Core } from "../../handlers/core.ts";
import type { Session } from "../../handlers/session.ts";
import { until } from "./started_core.ts";

/** The latch of the job `name`, one of those below, which has been accepted. */
export function latchOf(session: Session, name: string): Int32Array {
  const { buffer, byteOffset } = session.jobNamed(name)?.inputs.latch as ArrayRef;
  return new Int32Array(buffer, byteOffset, 2);
}

/** The latch of the job `name` once a thread is at it. */
export async function begunLatch(session: Session, name: string): Promise<Int32Array> {
  await until(
    () => session.jobNamed(name)?.inputs.latch !== undefined,
    `job '${name}' is accepted`,
  );
  const latch = latchOf(session, name);
  await until(() => Atomics.load(latch, 1) === 1, `job '${name}' has begun`);
  return latch;
}

export function open(latch: Int32Array): void {
  Atomics.store(latch, 0, 1);
  Atomics.notify(latch, 0);
}

const inputs = { latch: [0, 0] };

/** A job that waits until its latch is opened or it is cancelled. */
export const WAIT_FOR_LATCH = { operation: "wait_for_latch", inputs };

/** A job that loops for ever once it has begun. */
export const SPIN = { operation: "spin", inputs };

/** Waits until `count` jobs run. */
export function untilRunning(core: Core, count: number): Promise<void> {
  return until(() => core.scheduler.counts.running === count, `${count} jobs run`);
}
