import type { ArrayRef } from "./array.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import type { Failure } from "./errors.ts";

/** Rows `start` up to, not including, `end` of the dimension along which a job is split. */
export interface Range {
  start: number;
  end: number;
}

/** One part of a job: what a thread computes in one go. Raw shared buffers only, never views. */
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
  control: SharedArrayBuffer;
  maxArrayBytes: number;
}

/** What a finished slice gives back: the arrays that the thread had to allocate itself. */
export interface SliceResult {
  allocated: Record<string, ArrayRef>;
}

/** Main to thread. */
export type ToThread =
  | { type: "describe"; name: string; module: string }
  | { type: "load"; modules: readonly string[] }
  | { type: "run"; slice: Slice }
  | { type: "ping"; nonce: number };

/** Thread to main. */
export type FromThread =
  | { type: "ready" }
  | { type: "described"; entry: CatalogueEntry }
  | { type: "not-described"; reason: string; stack?: string }
  | { type: "progress"; fraction: number; message?: string }
  | { type: "done"; result: SliceResult }
  | { type: "failed"; failure: Failure; stack?: string }
  | { type: "pong"; nonce: number };
