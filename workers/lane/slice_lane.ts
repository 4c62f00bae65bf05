import { type ArrayRef, byteLength, bytesOf } from "../array.ts";
import { OutboardError } from "../errors.ts";
import type { Range, Slice } from "../messages.ts";
import type { AnyOperation, CancelSignal } from "../operation.ts";
import { runsAlong } from "../shapes.ts";
import { LaneState, laneState } from "./lane_transfer.ts";
import { OpenFiles } from "./open_files.ts";
import { placeOutputs } from "./place_outputs.ts";
import { readPieces } from "./read_pieces.ts";
import type { SlotFile } from "./slot_file.ts";

/** What a round reads and writes: little enough to stay in a core's own cache from file to file. */
const ROUND_BYTES = 2 ** 19;

function bytesPerRow({ dtype, shape: [, ...row] }: ArrayRef): number {
  return byteLength(dtype, row);
}

/** The bytes of some rows of an array. */
function rowsOf(ref: ArrayRef, { start, end }: Range): Uint8Array<SharedArrayBuffer> {
  const perRow = bytesPerRow(ref);
  return bytesOf(ref).subarray(start * perRow, end * perRow);
}

/**
 * What one slice reads before it computes and writes afterwards: a few rows at a time where the operation works row by
 * row, all at once otherwise. Without a lane there is nothing to read or write.
 */
export class SliceLane implements Disposable {
  readonly #slice: Slice;
  readonly #outputs: AnyOperation["outputs"];
  readonly #split: string | undefined;
  /** The inputs of which each round reads its own rows. */
  readonly #byRow: ReadonlySet<string>;
  /** Whether every output was made before the run. */
  readonly #allKnown: boolean;
  readonly #files = new OpenFiles();

  constructor(slice: Slice, { inputs, outputs, split, rowwise }: AnyOperation) {
    this.#slice = slice;
    this.#outputs = outputs;
    this.#split = split;
    this.#allKnown = Object.keys(outputs).every((name) => name in slice.outputs);
    const mayRound = rowwise && Object.keys(outputs).every((name) => this.#isByRow(name));
    const names = (slice.lane?.reads ?? []).map(({ name }) => name).filter((name) =>
      runsAlong(inputs[name], slice.inputs[name]?.shape.length, split)
    );
    this.#byRow = new Set(mayRound ? names : []);
  }

  #isByRow(output: string): boolean {
    return this.#split !== undefined && this.#outputs[output]?.shape[0] === this.#split;
  }

  /** The parts of the slice's range, to be computed one after the other. */
  get rounds(): Range[] {
    const { range, inputs, outputs } = this.#slice;
    if (this.#byRow.size === 0 || range.end === range.start) return [range];
    const read = [...this.#byRow].map((name) => inputs[name] as ArrayRef);
    const perRow = [...read, ...Object.values(outputs)]
      .reduce((sum, ref) => sum + bytesPerRow(ref), 0);
    const size = Math.max(1, Math.floor(ROUND_BYTES / Math.max(1, perRow)));
    const rounds: Range[] = [];
    for (let start = range.start; start < range.end; start += size) {
      rounds.push({ start, end: Math.min(range.end, start + size) });
    }
    return rounds;
  }

  /**
   * Reads the inputs that are needed whole.
   *
   * @throws {OutboardError} LANE_FAILED when a file is gone or too short, CANCELLED
   */
  readWhole(signal: CancelSignal): void {
    const { lane, inputs } = this.#slice;
    if (lane === undefined) return;
    const whole = Object.entries(inputs).filter(([name]) => !this.#byRow.has(name));
    readPieces(lane, Object.fromEntries(whole), { files: this.#files, signal });
  }

  /**
   * Reads what one round needs of the other inputs.
   *
   * @throws {OutboardError} LANE_FAILED
   */
  readRows(range: Range): void {
    for (const read of this.#slice.lane?.reads ?? []) {
      if (!this.#byRow.has(read.name)) continue;
      const ref = this.#slice.inputs[read.name] as ArrayRef;
      const offset = read.offset + range.start * bytesPerRow(ref);
      this.#files.get(read, "read").read(rowsOf(ref, range), offset);
    }
  }

  /** Writes a round's rows of the outputs that run along the split dimension. */
  writeRows(range: Range): void {
    if (!this.#allKnown) return;
    const { outputs } = this.#slice;
    this.#write(outputs, (file, places) => {
      for (const name of Object.keys(outputs).filter((each) => this.#isByRow(each))) {
        const ref = outputs[name] as ArrayRef;
        file.write(rowsOf(ref, range), places[name] as number + range.start * bytesPerRow(ref));
      }
    });
  }

  /** Writes all other outputs, if this is the last of the job's slices to come here. */
  writeWhole(outputs: Readonly<Record<string, ArrayRef>>): void {
    const { lane } = this.#slice;
    if (lane === undefined) return;
    const isLast = Atomics.add(laneState(lane.state), LaneState.WRITTEN, 1) === lane.part.count - 1;
    if (!isLast) return;
    this.#write(outputs, (file, places) => {
      for (const [name, place] of Object.entries(places)) {
        if (this.#allKnown && this.#isByRow(name)) continue;
        file.write(bytesOf(outputs[name] as ArrayRef), place);
      }
    });
  }

  /** What cannot be written is no fault of the job: it is noted, and the answer goes by the socket. */
  #write(
    outputs: Readonly<Record<string, ArrayRef>>,
    write: (file: SlotFile, places: Record<string, number>) => void,
  ): void {
    const { lane } = this.#slice;
    const places = lane?.writes === undefined ? undefined : placeOutputs(outputs, lane.writes);
    if (lane?.writes === undefined || places === undefined) return;
    const state = laneState(lane.state);
    if (Atomics.load(state, LaneState.WRITE_FAILED) !== 0) return;
    try {
      write(this.#files.get(lane.writes, "write"), places);
    } catch (error) {
      if (!(error instanceof OutboardError) || error.code !== "LANE_FAILED") throw error;
      Atomics.store(state, LaneState.WRITE_FAILED, 1);
    }
  }

  [Symbol.dispose](): void {
    this.#files[Symbol.dispose]();
  }
}
