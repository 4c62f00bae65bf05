import { defineOperation, z } from "outboard";

/** Points between two looks at the cancel flag. */
const BLOCK = 16_384;

export default defineOperation({
  title: "Metaball Field",
  description: "The field of many balls at each point: heavy arithmetic on few bytes.",
  params: z.strictObject({}),
  inputs: {
    points: { kind: "points", dtype: "float32", shape: ["n", 3] },
    centers: { kind: "points", dtype: "float32", shape: ["balls", 3] },
    radii: { kind: "scalars", dtype: "float32", shape: ["balls"] },
  },
  outputs: {
    field: { kind: "scalars", dtype: "float32", shape: ["n"], zeroed: false },
  },
  split: "n",
  rowwise: true,
  run({ inputs, range, allocate, progress, signal }) {
    const points = inputs.points.data;
    const balls = toBalls(inputs.centers.data, inputs.radii.data);
    const out = allocate("field").data;
    for (let start = range.start; start < range.end; start += BLOCK) {
      signal.throwIfAborted();
      const end = Math.min(range.end, start + BLOCK);
      fillField(out, { points, balls, start, end });
      progress((end - range.start) / (range.end - range.start));
    }
  },
});

/** Numbers that are read again and again, converted once and side by side: x, y, z and radius^2 of each ball. */
function toBalls(centers: Float32Array, radii: Float32Array): Float64Array {
  const balls = new Float64Array(4 * radii.length);
  for (const [ball, radius] of radii.entries()) {
    balls.set(centers.subarray(3 * ball, 3 * ball + 3), 4 * ball);
    balls[4 * ball + 3] = radius * radius;
  }
  return balls;
}

interface Rows {
  points: Float32Array;
  balls: Float64Array;
  start: number;
  end: number;
}

/**
 * Sum of (radius / distance)^2 over the balls, in float64. Two points share each division, which takes as long as all
 * the rest: a / p and a / q are s * q and s * p, where s is a / (p * q).
 */
function fillField(out: Float32Array, { points, balls, start, end }: Rows): void {
  for (let row = start; row < end; row += 2) {
    // The last of an odd number of rows is its own neighbour.
    const next = Math.min(row + 1, end - 1);
    const x0 = points[3 * row]!;
    const y0 = points[3 * row + 1]!;
    const z0 = points[3 * row + 2]!;
    const x1 = points[3 * next]!;
    const y1 = points[3 * next + 1]!;
    const z1 = points[3 * next + 2]!;
    let field0 = 0;
    let field1 = 0;
    for (let ball = 0; ball < balls.length; ball += 4) {
      const x = balls[ball]!;
      const y = balls[ball + 1]!;
      const z = balls[ball + 2]!;
      const square0 = (x0 - x) * (x0 - x) + (y0 - y) * (y0 - y) + (z0 - z) * (z0 - z);
      const square1 = (x1 - x) * (x1 - x) + (y1 - y) * (y1 - y) + (z1 - z) * (z1 - z);
      const share = balls[ball + 3]! / (square0 * square1);
      field0 += share * square1;
      field1 += share * square0;
    }
    out[row] = field0;
    out[next] = field1;
  }
}
