import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import type { ArrayRef, DType } from "../../workers/array.ts";
import type { OutboardError } from "../../workers/errors.ts";
import { requireFinite } from "../../workers/finite.ts";
import { PLACES } from "./kernels/places.ts";

const ROWS = 4001;
const TYPES = { float32: Float32Array, float64: Float64Array };

/** The bad row that is found in rows 100 up to 3900 of points, which are split, or in all of them. */
function badRow(ref: ArrayRef, split: string | undefined): unknown {
  const slice = { name: "probe", dimensions: { n: ROWS }, range: { start: 100, end: 3900 } };
  try {
    requireFinite(slice, "points", ref, split);
  } catch (error) {
    return (error as OutboardError).data;
  }
}

for (const { kernel, place } of PLACES) {
  Deno.test(`requireFinite() looks at the slice's rows, or at all (${kernel})`, () => {
    for (const [dtype, Type] of Object.entries(TYPES)) {
      const points = place()(new Type(3 * ROWS).fill(-1e30));
      const { byteOffset } = points;
      const buffer = points.buffer as unknown as SharedArrayBuffer;
      const ref = { buffer, byteOffset, dtype: dtype as DType, shape: [ROWS, 3] };
      for (const row of [0, 99, 100, 101, 2000, 3899, 3900, 4000]) {
        for (const value of [NaN, Infinity, -Infinity]) {
          points[3 * row + row % 3] = value;
          const bad = { input: "points", row, came: String(value) };
          assertEquals(badRow(ref, undefined), bad);
          assertEquals(badRow(ref, "n"), row >= 100 && row < 3900 ? bad : undefined);
        }
        points[3 * row + row % 3] = 0;
      }
      assertEquals(badRow(ref, undefined), undefined);
    }
  });
}

Deno.test("requireFinite() names the first of several, and takes integers and nothing at all", () => {
  const points = Float64Array.of(1, 2, 3, 4, NaN, 6, Infinity, 8, 9);
  const buffer = points.buffer as unknown as SharedArrayBuffer;
  const slice = { name: "probe", dimensions: {}, range: { start: 0, end: 1 } };
  const ref = { buffer, byteOffset: 0, dtype: "float64", shape: [3, 3] } as const;
  const error = assertThrows(() => requireFinite(slice, "points", ref, undefined)) as OutboardError;
  assertEquals([error.code, error.data], [
    "INVALID_VALUE",
    { input: "points", row: 1, came: "NaN" },
  ]);
  requireFinite(slice, "points", { ...ref, dtype: "uint32" }, undefined);
  requireFinite(slice, "points", { ...ref, shape: [0, 3] }, undefined);
});
