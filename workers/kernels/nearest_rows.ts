import { OutboardError } from "../errors.ts";
import type { FloatArray } from "./float_array.ts";

export interface NearestRows {
  /** For each row the nearest rows, itself first. */
  indices: number[][];
  /** How far they are. */
  distances: number[][];
}

/** Rows between two calls of `onRows`. */
const OFTEN = 16;

/** Finds the rows of a table that are nearest to each row.
 * Shapes: values (n, d) float32 or float64. Returns n lists of `count` indices and distances.
 * Units:  those of values.
 * Method: Euclidean distances of all pairs in float64; of two as far, the earlier row comes first.
 * Cost:   O(n^2 d) time, about 1 ns per pair and column; allocates the result.
 * Special: n = 0 gives empty lists; a row is its own nearest, even among rows that are the same.
 * @param onRows Called after every few rows with the part that is done; what it throws ends the run
 * @throws {OutboardError} INVALID_SHAPE if the length is no multiple of d, or there are fewer rows
 * than wanted
 * @example Usage
 * ```ts
 * const values = Float64Array.of(0, 5, 1);
 * const { indices } = nearestRows(values, { columns: 1, count: 2 }, () => {});
 * if (`${indices}` !== "0,2,1,2,2,0") throw new Error("not the nearest");
 * ```
 */
export function nearestRows(
  values: FloatArray,
  { columns, count }: { columns: number; count: number },
  onRows: (fraction: number) => void,
): NearestRows {
  const n = values.length / columns;
  if (values.length === 0) return { indices: [], distances: [] };
  if (!Number.isInteger(n) || count > n) {
    throw new OutboardError(
      "INVALID_SHAPE",
      `Cannot find ${count} nearest rows: wanted a multiple of ${columns} elements and as many ` +
        `rows, got ${values.length} elements`,
    );
  }
  const indices: number[][] = [];
  const distances: number[][] = [];
  const nearest = new Int32Array(count);
  const squares = new Float64Array(count);
  for (let row = 0; row < n; row++) {
    fillNearest(values, { columns, row, n }, nearest, squares);
    indices.push([...nearest]);
    distances.push(Array.from(squares, Math.sqrt));
    if (row % OFTEN === OFTEN - 1) onRows((row + 1) / n);
  }
  return { indices, distances };
}

/** The nearest rows of one row, kept sorted while all others pass by. */
function fillNearest(
  values: FloatArray,
  { columns, row, n }: { columns: number; row: number; n: number },
  nearest: Int32Array,
  squares: Float64Array,
): void {
  nearest[0] = row;
  squares[0] = 0;
  let filled = 1;
  for (let other = 0; other < n; other++) {
    if (other === row) continue;
    let square = 0;
    for (let column = 0; column < columns; column++) {
      const difference = values[columns * row + column]! - values[columns * other + column]!;
      square += difference * difference;
    }
    if (filled === squares.length && !(square < squares[filled - 1]!)) continue;
    let place = filled < squares.length ? filled++ : filled - 1;
    for (; place > 1 && square < squares[place - 1]!; place--) {
      squares[place] = squares[place - 1]!;
      nearest[place] = nearest[place - 1]!;
    }
    squares[place] = square;
    nearest[place] = other;
  }
}
