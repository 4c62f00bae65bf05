import { OutboardError } from "../errors.ts";
import { type FloatArray, requireRows } from "./float_array.ts";
import { nearestRows } from "./nearest_rows.ts";
import { STREAM } from "./philox.ts";
import { randomSequence } from "./random_sequence.ts";

/** With fewer rows there is nothing to keep apart. */
export const FEWEST_ROWS = 4;
/** Up to here all pairs of rows are looked at. */
const MOST_PAIRED = 4096;
/** How much of the run is finding the nearest rows. */
const FINDING = 0.3;

interface Options {
  /** Columns of the values. */
  columns: number;
  /** How many rows count as near, the row itself among them. */
  neighbours: number;
  /** How near points may come to each other. */
  minDistance: number;
  /** Rounds of improvement; 0 for what the number of rows asks for. */
  epochs: number;
  /** Into the XY plane. */
  flat: boolean;
  /** 0 to 2^53 - 1. */
  seed: number;
}

/** Places the rows of a table in space so that rows that are alike lie together.
 * Shapes: values (n, d) float32 or float64; out (n, 3) float32 or float64, written.
 * Units:  about 10 for the whole cloud, its mean at the origin.
 * Method: UMAP, McInnes, Healy and Melville 2018, https://arxiv.org/abs/1802.03426, by npm:umap-js
 *         (MIT), loaded at the first call; begun at random places. The nearest rows are exact up to
 *         4096 rows, found by the package's descent above. All random numbers come from
 *         {@linkcode randomSequence}.
 * Cost:   O(epochs n neighbours) time, about 0.3 us each, after 0.5 to 1 ms per row in one piece,
 *         and the nearest rows, n^2 d ns; loading takes about 40 ms once per thread. Inputs are
 *         not modified.
 * Special: n = 0 writes nothing; fewer rows than neighbours take fewer; rows that are the same may
 *         lie apart.
 * @param onStep Called after every step with the part that is done; what it throws ends the run
 * @throws {OutboardError} INVALID_SHAPE if lengths do not agree, or there are 1 to 3 rows
 * @example Usage
 * ```ts
 * const values = Float64Array.from({ length: 40 }, (_, i) => i < 20 ? i : 1000 + i);
 * const options = { columns: 2, neighbours: 5, minDistance: 0.1, epochs: 50, flat: true, seed: 1 };
 * const out = new Float64Array(60);
 * await embedPoints(values, out, options, () => {});
 * if (!out.every(Number.isFinite) || out[2] !== 0) throw new Error("not in the plane");
 * ```
 */
export async function embedPoints(
  values: FloatArray,
  out: FloatArray,
  options: Options,
  onStep: (fraction: number) => void,
): Promise<void> {
  const { columns, minDistance, epochs, flat, seed } = options;
  const n = out.length / 3;
  requireRows("the embedded points", out, { width: 3, start: 0, end: Math.floor(n) });
  requireRows("the values", values, { width: Math.max(1, columns), start: 0, end: n });
  if (n === 0) return;
  if (n < FEWEST_ROWS) {
    throw new OutboardError(
      "INVALID_SHAPE",
      `Cannot embed ${n} rows: wanted at least ${FEWEST_ROWS}, or none`,
    );
  }
  const { UMAP } = await import("umap-js");
  const nNeighbors = Math.min(options.neighbours, n - 1);
  const umap = new UMAP({
    nComponents: flat ? 2 : 3,
    nNeighbors,
    minDist: minDistance,
    nEpochs: epochs,
    random: randomSequence(seed, STREAM.embedding),
  });
  if (n <= MOST_PAIRED) {
    const count = { columns, count: nNeighbors };
    const { indices, distances } = nearestRows(values, count, (part) => onStep(FINDING * part));
    umap.setPrecomputedKNN(indices, distances);
  }
  const rows = Array.from(
    { length: n },
    (_, i) => Array.from(values.subarray(columns * i, columns * i + columns)),
  );
  onStep(n <= MOST_PAIRED ? FINDING : 0);
  const rounds = umap.initializeFit(rows);
  for (let round = 1; round <= rounds; round++) {
    umap.step();
    onStep(FINDING + (1 - FINDING) * round / rounds);
  }
  writeCentred(out, umap.getEmbedding());
}

/** Places about their mean; a missing third coordinate is 0. */
function writeCentred(out: FloatArray, places: readonly (readonly number[])[]): void {
  const mean = [0, 1, 2].map((axis) =>
    places.reduce((sum, place) => sum + (place[axis] ?? 0), 0) / places.length
  );
  places.forEach((place, i) => {
    for (let axis = 0; axis < 3; axis++) out[3 * i + axis] = (place[axis] ?? 0) - mean[axis]!;
  });
}

/** Gives every column of a table the mean 0 and the standard deviation 1.
 * Shapes: values (n, d) float32 or float64. Returns (n, d) float64.
 * Units:  the results have none.
 * Method: two passes in float64, divided by n.
 * Cost:   O(n d) time; allocates the result; inputs are not modified.
 * Special: n = 0 returns an empty array; a column of one value becomes 0.
 * @example Usage
 * ```ts
 * if (`${standardized(Float64Array.of(1, 5, 3, 5), 2)}` !== "-1,0,1,0") throw new Error("no");
 * ```
 */
export function standardized(values: FloatArray, columns: number): Float64Array {
  const out = Float64Array.from(values);
  const n = values.length / columns;
  for (let column = 0; column < columns; column++) {
    let mean = 0;
    for (let i = column; i < out.length; i += columns) mean += values[i]! / n;
    let variance = 0;
    for (let i = column; i < out.length; i += columns) variance += (values[i]! - mean) ** 2 / n;
    const spread = Math.sqrt(variance) || 1;
    for (let i = column; i < out.length; i += columns) out[i] = (values[i]! - mean) / spread;
  }
  return out;
}
