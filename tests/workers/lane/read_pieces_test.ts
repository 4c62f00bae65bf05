import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import { join } from "node:path";
import type { ArrayRef } from "../../../workers/array.ts";
import { OutboardError } from "../../../workers/errors.ts";
import {
  LaneState,
  laneState,
  laneStateWords,
  type LaneTransfer,
  PIECE_BYTES,
} from "../../../workers/lane/lane_transfer.ts";
import { OpenFiles } from "../../../workers/lane/open_files.ts";
import { readPieces } from "../../../workers/lane/read_pieces.ts";
import type { CancelSignal } from "../../../workers/operation.ts";

const PIECES = 3;
const [UNREAD, CLAIMED, READ] = [0, 1, 2];
const OFFSET = 5;

function arrayOf(dtype: "uint8" | "int32", shape: number[], bytes: number): ArrayRef {
  return { buffer: new SharedArrayBuffer(bytes), byteOffset: 0, dtype, shape };
}

/** A slot whose bytes are all 7 and one piece of which is not full, an input to read it into, and what reads it. */
function setUp(folder: string) {
  const bytes = PIECES * PIECE_BYTES - 1;
  const file = join(folder, "slot-1");
  Deno.writeFileSync(file, new Uint8Array(OFFSET + bytes).fill(7));
  const words = laneStateWords([bytes]);
  const lane: LaneTransfer = {
    reads: [{ name: "values", slot: 1, file, offset: OFFSET }],
    state: arrayOf("int32", [words], 4 * words),
    part: { index: 1, count: 2 },
  };
  const values = arrayOf("uint8", [bytes], bytes);
  const states = laneState(lane.state).subarray(LaneState.PIECES);
  return { lane, values, states, read: new Uint8Array(values.buffer) };
}

async function withFolder(test: (folder: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "outboard-test-" });
  try {
    test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const RUNNING: CancelSignal = { aborted: false, throwIfAborted() {} };
const CANCELLED: CancelSignal = {
  aborted: true,
  throwIfAborted() {
    throw new OutboardError("CANCELLED", "The job was cancelled");
  },
};

Deno.test("readPieces() reads what nobody has read, and what another thread has only begun", () =>
  withFolder((folder) => {
    using files = new OpenFiles();
    const { lane, values, states, read } = setUp(folder);
    states.set([READ, CLAIMED, UNREAD]);
    readPieces(lane, { values }, { files, signal: RUNNING });
    assertEquals([...states], [READ, READ, READ]);
    assertEquals(read.slice(0, PIECE_BYTES), new Uint8Array(PIECE_BYTES), "read by another");
    assertEquals(read.subarray(PIECE_BYTES).every((byte) => byte === 7), true);
  }));

Deno.test("readPieces() leaves inputs alone that are read in another way", () =>
  withFolder((folder) => {
    using files = new OpenFiles();
    const { lane, states } = setUp(folder);
    readPieces(lane, {}, { files, signal: RUNNING });
    assertEquals([...states], [UNREAD, UNREAD, UNREAD]);
  }));

Deno.test("readPieces() stops when the job is cancelled, and when the file is too short", () =>
  withFolder((folder) => {
    using files = new OpenFiles();
    const { lane, values, states } = setUp(folder);
    const attempt = (signal: CancelSignal) => () => readPieces(lane, { values }, { files, signal });
    assertThrows(attempt(CANCELLED), OutboardError, "The job was cancelled");
    assertEquals(states.includes(READ), false);
    Deno.truncateSync(join(folder, "slot-1"), OFFSET + 2 * PIECE_BYTES);
    assertThrows(attempt(RUNNING), OutboardError, "Cannot read slot 1 of the lane: wanted");
  }));
