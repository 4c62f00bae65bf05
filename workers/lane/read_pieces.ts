import { type ArrayRef, bytesOf } from "../array.ts";
import type { CancelSignal } from "../operation.ts";
import { LaneState, laneState, type LaneTransfer, PIECE_BYTES } from "./lane_transfer.ts";
import type { OpenFiles } from "./open_files.ts";

const UNREAD = 0;
const CLAIMED = 1;
const READ = 2;

/**
 * Reads inputs as a whole: when this returns, all of each is there. The threads of a job that run at the same time
 * share the pieces, each beginning at another one.
 *
 * @param inputs The memory of the inputs by name; those of `lane` that are not among them are left alone
 * @throws {OutboardError} LANE_FAILED when a file is gone or too short, CANCELLED
 */
export function readPieces(
  { reads, state, part }: LaneTransfer,
  inputs: Readonly<Record<string, ArrayRef>>,
  { files, signal }: { files: OpenFiles; signal: CancelSignal },
): void {
  const pieces = reads.flatMap((read) => {
    const ref = inputs[read.name];
    if (ref === undefined) return [];
    const bytes = bytesOf(ref);
    return Array.from({ length: Math.ceil(bytes.byteLength / PIECE_BYTES) }, (_, index) => {
      const at = index * PIECE_BYTES;
      return { read, target: bytes.subarray(at, at + PIECE_BYTES), offset: read.offset + at };
    });
  });
  const states = laneState(state).subarray(LaneState.PIECES);
  const readPiece = (index: number): void => {
    signal.throwIfAborted();
    const { read, target, offset } = pieces[index] as (typeof pieces)[number];
    files.get(read, "read").read(target, offset);
    Atomics.store(states, index, READ);
  };
  const first = Math.floor(pieces.length * part.index / part.count);
  for (let turn = 0; turn < pieces.length; turn++) {
    const index = (first + turn) % pieces.length;
    if (Atomics.compareExchange(states, index, UNREAD, CLAIMED) === UNREAD) readPiece(index);
  }
  // What another thread has in hand is read once more rather than waited for: it puts the same bytes in the same
  // place, and no thread ever depends on another one, which may be stopped at any time.
  for (const index of pieces.keys()) {
    if (Atomics.load(states, index) !== READ) readPiece(index);
  }
}
