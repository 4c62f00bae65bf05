import type { ArrayRef } from "./array.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import type { Failure } from "./errors.ts";
import type { LaneTransfer } from "./lane/lane_transfer.ts";

/** Rows `start` up to, not including, `end` of the dimension along which a job is split. */
export interface Range {
  start: number;
  end: number;
}

/** One part of a job: what a thread computes in one go. */
export interface Slice {
  /** What to import the operation from. */
  module: string;
  name: string;
  params: Record<string, unknown>;
  inputs: Record<string, ArrayRef>;
  /** The outputs whose shape is known before the run. */
  outputs: Record<string, ArrayRef>;
  dimensions: Record<string, number>;
  range: Range;
  /** What goes through files instead of frames. */
  lane?: LaneTransfer;
  maxArrayBytes: number;
  /** Answer with the outputs as JSON text, each of at most so many numbers. Only where the slice is the whole job. */
  plainNumbers?: number;
}

/** What a finished slice gives back. */
export interface SliceResult {
  /** The arrays that the thread had to allocate itself. */
  allocated: Record<string, ArrayRef>;
  /** All outputs as the text of a JSON object, where that was asked for. */
  text?: string;
}

/** How a slice failed, with the stack that belongs into the log, not into the answer. */
export interface SliceFailure {
  failure: Failure;
  stack?: string;
}

/** Main to thread, beside what goes through the ring. */
export type ToThread =
  | { type: "describe"; name: string; module: string }
  | { type: "load"; modules: readonly string[] }
  /** A block of shared memory that slices to come refer to by this number. */
  | { type: "block"; block: number; memory: WebAssembly.Memory | SharedArrayBuffer }
  /** No slice will refer to the block again. */
  | { type: "forget"; block: number }
  /** The text of a request that is too long for its slot. */
  | { type: "request"; request: number; text: string }
  | { type: "ping"; nonce: number };

/** Thread to main, beside what goes through the ring. */
export type FromThread =
  | { type: "ready" }
  | { type: "described"; entry: CatalogueEntry }
  | { type: "not-described"; reason: string; stack?: string }
  | { type: "progress"; request: number; fraction: number; message?: string }
  /** An answer that is too long for its slot, or brings arrays. */
  | { type: "answer"; request: number; answer: SliceFailure | { result: SliceResult; ms: number } }
  /** A sign of life, with the number of blocks that the thread knows. */
  | { type: "pong"; nonce: number; blocks: number };
