import type { SliceFailure, SliceResult } from "./messages.ts";

export type ProgressListener = (fraction: number, message?: string) => void;

/** What becomes of a slice that a thread has been given. One of the last three is called, once. */
export interface SliceListener {
  progress: ProgressListener;
  /** @param ms How long the thread was at it */
  done(result: SliceResult, ms: number): void;
  failed(failure: SliceFailure): void;
  /** The thread has not begun it and will not: it needs another. */
  returned(): void;
}

/** A slice that a thread has been given: how to stop it. */
export interface SliceRun {
  readonly thread: number;
  /** Takes it back if the thread has not begun it. @returns Whether that is so; nothing is heard of it any more then */
  withdraw(): boolean;
  /** Tells the operation to stop; it does when it looks. */
  cancel(): void;
  /** Ends the thread. */
  kill(): void;
}
