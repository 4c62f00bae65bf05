import { defineOperation, OperationError, z } from "outboard";
import { embedPoints, FEWEST_ROWS, standardized } from "../kernels/embed_points.ts";

export default defineOperation({
  title: "Embed Points",
  description: "Places the rows of a table in space: rows that are alike lie together (UMAP).",
  category: "Layout",
  params: z.strictObject({
    neighbours: z.int().min(2).max(500).default(15)
      .describe("How many rows count as near each row: few show detail, many the whole")
      .meta({ outboard: { softMax: 100 } }),
    minDistance: z.number().min(0).max(1).default(0.1)
      .describe("How near points may come to each other; the cloud is about 10 wide")
      .meta({ outboard: { unit: "length", precision: 3 } }),
    epochs: z.int().min(0).max(100_000).default(0)
      .describe("How many rounds improve the places; 0 takes 200 to 500, fewer for more rows")
      .meta({ outboard: { softMax: 1000 } }),
    standardize: z.boolean().default(false)
      .describe("Give every column the same weight, whatever its unit"),
    flat: z.boolean().default(false).describe("Place the points in the XY plane"),
    seed: z.int().min(0).optional()
      .describe("The same seed gives the same places; left out, one is drawn and reported")
      .meta({ outboard: { drawn: true } }),
  }),
  inputs: {
    values: {
      kind: "scalars",
      dtype: ["float32", "float64"],
      shape: ["n", "d"],
      description: "The table, one row for each point",
      finite: true,
      source: "file",
    },
  },
  outputs: {
    points: {
      kind: "points",
      dtype: "float32",
      shape: ["n", 3],
      description: "Where each row is placed, around the origin",
      zeroed: false,
      target: "mesh.new",
    },
  },
  async run({ params: { standardize, seed, ...options }, inputs, allocate, progress, signal }) {
    if (seed === undefined) throw new OperationError("Cannot embed points without a seed");
    const [n = 0, columns = 0] = inputs.values.shape;
    if (n > 0 && n < FEWEST_ROWS) {
      throw new OperationError(`Cannot embed ${n} rows: at least ${FEWEST_ROWS} are needed`);
    }
    if (n > 0 && columns === 0) {
      throw new OperationError("Cannot embed rows without a column");
    }
    const values = inputs.values.data;
    const table = standardize ? standardized(values, columns) : values;
    const out = allocate("points").data;
    await embedPoints(table, out, { ...options, columns, seed }, (fraction) => {
      signal.throwIfAborted();
      progress(fraction);
    });
  },
});
