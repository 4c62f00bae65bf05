import { OutboardError } from "./errors.ts";
import type { CancelSignal } from "./operation.ts";

const CANCEL = 0;

/** The block of shared memory through which main tells the threads of one job to stop. */
export function createControl(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

export function raiseCancel(control: SharedArrayBuffer): void {
  Atomics.store(new Int32Array(control), CANCEL, 1);
}

/** The job's end of the cancel flag, as operations see it. */
export function cancelSignal(control: SharedArrayBuffer): CancelSignal {
  const flags = new Int32Array(control);
  return {
    get aborted(): boolean {
      return Atomics.load(flags, CANCEL) !== 0;
    },
    throwIfAborted(): void {
      if (Atomics.load(flags, CANCEL) !== 0) {
        throw new OutboardError("CANCELLED", "The job was cancelled");
      }
    },
  };
}
