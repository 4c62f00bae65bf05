import { declare, type Json, OWN_OPERATIONS, startCore } from "./mod.ts";
import { assertRefused, assertUnharmed, type Refusal } from "./refusals.ts";

const echo = (values: Json, others: Json = {}) => ({
  operation: "echo",
  inputs: { values, ...others },
});
const REFUSE = "Cannot run 'echo': ";

const REFUSALS: Refusal[] = [
  {
    title: "a missing input",
    run: { operation: "echo" },
    code: "INVALID_ARRAY",
    message: `${REFUSE}the input 'values' is missing`,
    data: { input: "values" },
  },
  {
    title: "an unknown input",
    run: echo([[1]], { valves: [[1]] }),
    code: "INVALID_ARRAY",
    message: `${REFUSE}it takes no input 'valves', wanted values, weights, flags`,
    data: { input: "valves" },
  },
  {
    title: "an input for an operation that takes none",
    run: { operation: "fill", params: { rows: 1 }, inputs: { points: [1] } },
    code: "INVALID_ARRAY",
    message: "Cannot run 'fill': it takes no input 'points', it takes none",
    data: { input: "points" },
  },
  {
    title: "an element type that the input does not take",
    run: echo([[1]], { weights: declare(1, "float64", [1]) }),
    code: "INVALID_DTYPE",
    message: `${REFUSE}'weights' must be float32, got float64`,
    data: { input: "weights", wanted: ["float32"], came: "float64" },
  },
  {
    title: "an element type that does not exist",
    run: echo({ $array: { id: 1, dtype: "float16", shape: [1, 1] } }),
    code: "INVALID_DTYPE",
    message:
      `${REFUSE}'values' must be float64 or float32 or int32 or uint32 or uint8, got float16`,
    data: {
      input: "values",
      wanted: ["float64", "float32", "int32", "uint32", "uint8"],
      came: "float16",
    },
  },
  {
    title: "a shape of another rank",
    run: echo(declare(1, "uint8", [3])),
    code: "INVALID_SHAPE",
    message: `${REFUSE}'values' must have shape (rows, columns), got (3,)`,
    data: { input: "values", wanted: [["rows", "columns"]], came: [3] },
  },
  {
    title: "a symbolic dimension with two sizes",
    run: echo(declare(1, "uint8", [3, 2]), { weights: declare(2, "float32", [4]) }),
    code: "INVALID_SHAPE",
    message: `${REFUSE}dimension 'rows' is 3 in 'values' but 4 in 'weights'`,
    data: { input: "weights", dimension: "rows", wanted: 3, came: 4 },
  },
  {
    title: "a symbolic dimension with two sizes, in plain JSON",
    run: echo([[1], [2]], { weights: [1, 2, 3] }),
    code: "INVALID_SHAPE",
    message: `${REFUSE}dimension 'rows' is 2 in 'values' but 3 in 'weights'`,
    data: { input: "weights", dimension: "rows", wanted: 2, came: 3 },
  },
  {
    title: "lists of unequal length",
    run: echo([[1, 2], [3]]),
    code: "INVALID_ARRAY",
    message: `${REFUSE}'values' is no array of numbers: ` +
      "wanted lists of equal length, got 1 beside 2",
    data: { input: "values" },
  },
  {
    title: "lists of unequal depth",
    run: echo([[1, 2], 3]),
    code: "INVALID_ARRAY",
    message: `${REFUSE}'values' is no array of numbers: wanted lists of equal depth, got 3`,
    data: { input: "values" },
  },
  {
    title: "something else than numbers",
    run: echo([["1"]]),
    code: "INVALID_ARRAY",
    message: `${REFUSE}'values' is no array of numbers: wanted numbers, got "1"`,
    data: { input: "values" },
  },
  {
    title: "null for NaN",
    run: echo([[null]]),
    code: "INVALID_ARRAY",
    message: `${REFUSE}'values' is no array of numbers: wanted numbers, got null`,
    data: { input: "values" },
  },
  {
    title: "a number instead of lists",
    run: echo(5),
    code: "INVALID_ARRAY",
    message: `${REFUSE}'values' is no array of numbers: wanted lists, got 5`,
    data: { input: "values" },
  },
  {
    title: "too many levels of lists",
    run: echo([[[[[[[[[1]]]]]]]]]),
    code: "INVALID_ARRAY",
    message: `${REFUSE}'values' is no array of numbers: ` +
      "wanted at most 8 levels of lists, got more",
    data: { input: "values" },
  },
  {
    title: "a number that an integer cannot hold",
    run: echo([[1]], { flags: [256] }),
    code: "INVALID_VALUE",
    message: `${REFUSE}'flags' is uint8, which cannot hold 256`,
    data: { input: "flags", wanted: "uint8", came: 256 },
  },
  {
    title: "a fraction for an integer",
    run: echo([[1]], { flags: [0.5] }),
    code: "INVALID_VALUE",
    message: `${REFUSE}'flags' is uint8, which cannot hold 0.5`,
    data: { input: "flags", wanted: "uint8", came: 0.5 },
  },
  {
    title: "a number that float32 cannot hold",
    run: echo([[1]], { weights: [-1e39] }),
    code: "INVALID_VALUE",
    message: `${REFUSE}'weights' is float32, which cannot hold -1e+39`,
    data: { input: "weights", wanted: "float32", came: -1e39 },
  },
  {
    title: "a declaration without its parts",
    run: echo({ $array: {} }),
    code: "INVALID_ARRAY",
    message: `${REFUSE}the declaration of 'values' is wrong: ` +
      "'$array.id' must be a number, got nothing; '$array.dtype' must be a string, got nothing; " +
      "'$array.shape' must be an array, got nothing",
    data: {
      input: "values",
      issues: [
        { path: "$array.id", wanted: "a number" },
        { path: "$array.dtype", wanted: "a string" },
        { path: "$array.shape", wanted: "an array" },
      ],
    },
  },
  {
    title: "a declaration with an id and a size out of range",
    run: echo(declare(2 ** 32, "uint8", [1, -1])),
    code: "INVALID_ARRAY",
    message: `${REFUSE}the declaration of 'values' is wrong: ` +
      "'$array.id' must be a number <= 4294967295, got 4294967296; " +
      "'$array.shape.1' must be a number >= 0, got -1",
    data: {
      input: "values",
      issues: [
        { path: "$array.id", wanted: "a number <= 4294967295", came: 2 ** 32 },
        { path: "$array.shape.1", wanted: "a number >= 0", came: -1 },
      ],
    },
  },
  {
    title: "a declaration with more than it needs",
    run: echo({ $array: { id: 1, dtype: "uint8", shape: [1, 1], file: "/etc/passwd" } }),
    code: "INVALID_ARRAY",
    message: `${REFUSE}the declaration of 'values' is wrong: '$array.file' is not a known key`,
    data: {
      input: "values",
      issues: [{ path: "$array.file", wanted: "no such key", came: "/etc/passwd" }],
    },
  },
  {
    title: "one id for two arrays of a job",
    run: echo(declare(1, "uint8", [2, 1]), { weights: declare(1, "float32", [2]) }),
    code: "INVALID_ARRAY",
    message: `${REFUSE}array id 1 of 'weights' is in use already`,
    data: { input: "weights", array: 1 },
  },
];

Deno.test("jobs.run refuses arrays that do not fit, and says which and why", async (test) => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  for (const refusal of REFUSALS) {
    await test.step(refusal.title, async () => {
      assertRefused(await client.request("jobs.run", refusal.run), refusal);
      // Bytes of an array that was refused are dropped, not answered one by one.
      if (JSON.stringify(refusal.run).includes('"id":1,')) client.sendArray(1, new Uint8Array(9));
      await assertUnharmed(client, [1, 2]);
    });
  }
});

const POINTS = new Float32Array(30).map((_, index) => index);

const NOT_FINITE: { title: string; at: number; value: number; message: string; row: number }[] = [
  { title: "NaN in the first row", at: 0, value: NaN, message: "row 0 holds NaN", row: 0 },
  {
    title: "an infinity in the last row",
    at: 29,
    value: Infinity,
    message: "row 9 holds Infinity",
    row: 9,
  },
  {
    title: "a negative infinity",
    at: 16,
    value: -Infinity,
    message: "row 5 holds -Infinity",
    row: 5,
  },
];

Deno.test("jobs.run refuses NaN and infinities where they are forbidden", async (test) => {
  await using started = await startCore({ threads: 1, operations: OWN_OPERATIONS });
  const client = started.connect();
  await client.hello();
  for (const { title, at, value, message, row } of NOT_FINITE) {
    await test.step(title, async () => {
      const points = POINTS.slice();
      points[at] = value;
      const reply = client.request("jobs.run", {
        operation: "transform_points",
        inputs: { points: declare(3, "float32", [10, 3]) },
      });
      client.sendArray(3, points, 16);
      assertRefused(await reply, {
        run: {},
        code: "INVALID_VALUE",
        message: `Cannot run 'transform_points': 'points' must be finite, ${message}`,
        data: { input: "points", row, came: String(value) },
      });
    });
  }
});
