import { z } from "zod";
import { OutboardError } from "../../workers/errors.ts";
import { defineOperation } from "../../workers/operation.ts";

/** How often the signal is looked at while it waits, in ms. */
const LOOK_MS = 5;

/** The value of a row at which the run waits until it is cancelled, and of one that it refuses. */
const WAIT = -1;
const REFUSE = -2;

export default defineOperation({
  title: "Take rows",
  description: "Works row by row: gives each value twice, and once as an integer.",
  params: z.strictObject({}),
  inputs: { values: { kind: "scalars", dtype: "float32", shape: ["rows"] } },
  outputs: {
    doubled: { kind: "vectors", dtype: "float32", shape: ["rows", 2] },
    rounded: { kind: "scalars", dtype: "int32", shape: ["rows"] },
  },
  split: "rows",
  rowwise: true,
  run({ inputs, range, allocate, signal }) {
    const values = inputs.values.data;
    const doubled = allocate("doubled").data;
    const rounded = allocate("rounded").data;
    for (let row = range.start; row < range.end; row++) {
      const value = values[row]!;
      if (value === REFUSE) throw new OutboardError("INVALID_VALUE", `Cannot take row ${row}`);
      while (value === WAIT) {
        signal.throwIfAborted();
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
      }
      doubled[2 * row] = doubled[2 * row + 1] = value;
      rounded[row] = Math.round(value);
    }
  },
});
