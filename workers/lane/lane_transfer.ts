import type { ArrayRef } from "../array.ts";

/** Bytes that a thread reads in one go: little enough for threads to share an array, and to see a cancel in time. */
export const PIECE_BYTES = 2 ** 20;

/** An input whose bytes lie in a slot. */
export interface SlotRead {
  /** The input's name. */
  name: string;
  slot: number;
  file: string;
  /** Where in the file it begins, in bytes. */
  offset: number;
}

/** Where a job's outputs may go. */
export interface SlotTarget {
  slot: number;
  file: string;
  /** The bytes of the file that outputs may take: from `offset` up to, not including, `end`. */
  offset: number;
  end: number;
}

/**
 * What a slice's thread reads from the files of the same-host lane before it computes, and writes into them
 * afterwards. Everything that a client says has been checked: threads are told files, never slots alone.
 */
export interface LaneTransfer {
  reads: readonly SlotRead[];
  writes?: SlotTarget;
  /** What the job's threads tell each other, zero at first: see `LaneState`. */
  state: ArrayRef;
  /** Which of the job's slices this is, and of how many. */
  part: { index: number; count: number };
}

/** Of `LaneTransfer.state`, in elements: two words, and then one for each piece of the inputs. */
export const LaneState = { WRITE_FAILED: 0, WRITTEN: 1, PIECES: 2 } as const;

/** The words in the state of a job that reads inputs of these sizes, in bytes. */
export function laneStateWords(sizes: readonly number[]): number {
  return sizes.reduce((sum, bytes) => sum + Math.ceil(bytes / PIECE_BYTES), LaneState.PIECES);
}

/** The state as its words, without a copy. */
export function laneState({ buffer, byteOffset, shape }: ArrayRef): Int32Array<SharedArrayBuffer> {
  return new Int32Array(buffer, byteOffset, shape[0]);
}
