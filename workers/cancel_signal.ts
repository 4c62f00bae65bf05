import { OutboardError } from "./errors.ts";
import type { CancelSignal } from "./operation.ts";

/** A job's cancel flag as operations see it. `flag` is one word, raised by whoever wants the job to stop. */
export function cancelSignal(flag: Int32Array): CancelSignal {
  return {
    get aborted(): boolean {
      return Atomics.load(flag, 0) !== 0;
    },
    throwIfAborted(): void {
      if (Atomics.load(flag, 0) !== 0) {
        throw new OutboardError("CANCELLED", "The job was cancelled");
      }
    },
  };
}

/** Tells the thread that looks at `flag` to stop. */
export function raiseCancel(flag: Int32Array): void {
  Atomics.store(flag, 0, 1);
}
