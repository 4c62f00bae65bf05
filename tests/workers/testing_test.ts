import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { defineOperation, OperationError, z } from "outboard";
import { runOperation } from "outboard/testing";
import { OutboardError } from "../../workers/errors.ts";

const scale = defineOperation({
  title: "Scale",
  description: "Multiplies rows by weights.",
  params: z.strictObject({
    by: z.number().default(2).refine((by) => by !== 7, { error: "anything but 7" }),
    dtype: z.enum(["float32", "float64"]).default("float64"),
    seed: z.int().min(0).optional().meta({ outboard: { drawn: true } }),
  }),
  inputs: {
    rows: { kind: "vectors", dtype: ["float32", "float64"], shape: ["n", 2], finite: true },
    weights: { kind: "scalars", dtype: "float32", shape: ["n"], optional: true },
  },
  outputs: {
    rows: { kind: "vectors", dtype: { like: "rows" }, shape: ["n", 2] },
    first: { kind: "scalars", dtype: { param: "dtype" }, shape: ["k"] },
    unwritten: { kind: "scalars", dtype: "uint8", shape: ["n"], zeroed: false },
  },
  split: "n",
  *run({ params: { by }, inputs: { rows, weights }, range, allocate }) {
    if (by === 0) throw new OperationError("Nothing would be left");
    const out = allocate("rows").data;
    for (let row = range.start; row < range.end; row++) {
      const factor = by * (weights?.data[row] ?? 1);
      for (const at of [2 * row, 2 * row + 1]) out[at] = factor * rows.data[at]!;
      yield {
        fraction: (row + 1 - range.start) / (range.end - range.start),
        message: `row ${row}`,
      };
    }
    allocate("first", [1]).data[0] = out[0]!;
    if (by !== 3) allocate("unwritten");
  },
});

Deno.test("runOperation() fills in defaults and draws, and allocates by the declarations", async () => {
  const { outputs, params, progress } = await runOperation(scale, {
    inputs: { rows: [[1, 2], [3, 4]], weights: [1, 10] },
  });
  assertEquals(params, { by: 2, dtype: "float64", seed: 1 });
  assertEquals(outputs.rows.data, new Float32Array([2, 4, 60, 80]));
  assertEquals(outputs.rows.shape, [2, 2]);
  assertEquals(outputs.first.data, new Float64Array([2]));
  assertEquals(progress, [
    { fraction: 0.5, message: "row 0" },
    { fraction: 1, message: "row 1" },
  ]);
});

Deno.test("runOperation() shows what an operation forgets to write", async () => {
  const { outputs } = await runOperation(scale, { inputs: { rows: [[1, 2]] } });
  assertEquals([...outputs.unwritten.data], [77]);
});

Deno.test("runOperation() refuses a run that leaves out an output, though its size was known", async () => {
  await assertRejects(
    () => runOperation(scale, { params: { by: 3 }, inputs: { rows: [[1, 2]] } }),
    OutboardError,
    "Operation 'Scale' ended without allocating its output 'unwritten'",
  );
});

Deno.test("runOperation() takes flat elements of another accepted type, and no rows", async () => {
  const rows = { shape: [1, 2], data: [0.1, 0.2], dtype: "float64" } as const;
  const { outputs } = await runOperation(scale, { params: { by: 1 }, inputs: { rows } });
  assertEquals(outputs.rows.data, new Float64Array([0.1, 0.2]));
  const none = await runOperation(scale, { inputs: { rows: [], weights: [] } });
  assertEquals(none.outputs.rows.shape, [0, 2]);
});

Deno.test("runOperation() runs in parts as threads would", async () => {
  const rows = Array.from({ length: 7 }, (_, i) => [i, -i]);
  const whole = await runOperation(scale, { inputs: { rows } });
  const { outputs, progress } = await runOperation(scale, { inputs: { rows }, parts: 3 });
  assertEquals(outputs.rows.data, whole.outputs.rows.data);
  assertEquals(progress.length, 7);
  assertEquals(progress.at(-1)?.fraction, 1);
});

const REFUSED: [string, Record<string, unknown>, Record<string, unknown>, string][] = [
  ["a wrong type", { by: "x" }, {}, "Cannot run 'Scale': 'by' must be a number, got \"x\""],
  ["an unknown parameter", { to: 1 }, {}, "'to' is not a known key"],
  ["what only the true schema refuses", { by: 7 }, {}, "must be anything but 7, got 7"],
  ["an unknown input", {}, { points: [] }, "it has no input 'points'"],
  ["a missing input", {}, { rows: undefined }, "'rows' is missing"],
  ["another shape", {}, { rows: [[1, 2, 3]] }, "must have shape (n, 2), got (1, 3)"],
  ["sizes that disagree", {}, { weights: [1, 2] }, "dimension 'n' is 1 in 'rows' but 2"],
  ["uneven lists", {}, { rows: [[1, 2], [3]] }, "must be lists of equal length"],
  ["too few numbers", {}, { rows: { shape: [2, 2], data: [1] } }, "has 1 numbers"],
  ["NaN where it is forbidden", {}, { rows: [[1, NaN]] }, "must be finite, row 0 holds NaN"],
  [
    "another element type",
    {},
    { rows: { shape: [1, 2], data: [1, 2], dtype: "uint8" } },
    "'rows' must be float32 or float64, got uint8",
  ],
];

for (const [what, params, inputs, message] of REFUSED) {
  Deno.test(`runOperation() refuses ${what} as a server does`, async () => {
    const given = { rows: [[1, 2]], ...inputs };
    await assertRejects(
      () => runOperation(scale, { params, inputs: given }),
      OutboardError,
      message,
    );
  });
}

Deno.test("runOperation() lets through what the operation throws", async () => {
  const inputs = { rows: [[1, 2]] };
  const { message } = await assertRejects(
    () => runOperation(scale, { params: { by: 0 }, inputs }),
    OperationError,
  );
  assertEquals(message, "Nothing would be left");
});

/** Never called: the compiler refuses each of these lines. */
export async function compileErrors(): Promise<void> {
  const { outputs } = await runOperation(scale, { inputs: { rows: [] } });
  // @ts-expect-error There is no such output.
  outputs.gone;
  // @ts-expect-error It is a Uint8Array.
  outputs.unwritten.data satisfies Float32Array;
  // @ts-expect-error A required input is missing.
  await runOperation(scale, { inputs: {} });
  // @ts-expect-error A parameter is of the wrong type.
  await runOperation(scale, { params: { by: "2" }, inputs: { rows: [] } });
  // @ts-expect-error The input does not take this type.
  await runOperation(scale, { inputs: { rows: { shape: [0, 2], data: [], dtype: "uint8" } } });
}
