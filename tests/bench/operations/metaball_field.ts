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
    // Few numbers that are read again and again: converted once.
    const centers = Float64Array.from(inputs.centers.data);
    const radii = Float64Array.from(inputs.radii.data);
    const out = allocate("field").data;
    for (let start = range.start; start < range.end; start += BLOCK) {
      signal.throwIfAborted();
      const end = Math.min(range.end, start + BLOCK);
      fillField(out, { points, centers, radii, start, end });
      progress((end - range.start) / (range.end - range.start));
    }
  },
});

interface Balls {
  points: Float32Array;
  centers: Float64Array;
  radii: Float64Array;
  start: number;
  end: number;
}

/** Sum of (radius / distance)^2 over the balls: ten operations each, in float64. */
function fillField(out: Float32Array, { points, centers, radii, start, end }: Balls): void {
  for (let row = start; row < end; row++) {
    const x = points[3 * row]!;
    const y = points[3 * row + 1]!;
    const z = points[3 * row + 2]!;
    let field = 0;
    for (let ball = 0; ball < radii.length; ball++) {
      const dx = x - centers[3 * ball]!;
      const dy = y - centers[3 * ball + 1]!;
      const dz = z - centers[3 * ball + 2]!;
      const radius = radii[ball]!;
      field += radius * radius / (dx * dx + dy * dy + dz * dz);
    }
    out[row] = field;
  }
}
