import { assertEquals } from "@std/assert/equals.js";
import { renderBar } from "../../handlers/author/progress_bar.ts";
import { describeArray } from "../../handlers/author/summary.ts";
import { type ArrayRef, byteLength, type DType, elementsOf } from "../../workers/array.ts";

function ref(dtype: DType, shape: number[], data: number[]): ArrayRef {
  const buffer = new SharedArrayBuffer(byteLength(dtype, shape));
  const made = { buffer, byteOffset: 0, dtype, shape };
  elementsOf(made).set(data);
  return made;
}

Deno.test("renderBar() fills up, and never claims 100 % early", () => {
  assertEquals(renderBar(0), "░".repeat(24) + "   0 %");
  assertEquals(renderBar(0.5, "half"), "█".repeat(12) + "░".repeat(12) + "  50 % half");
  assertEquals(renderBar(0.999), "█".repeat(24) + "  99 %");
  assertEquals(renderBar(1), "█".repeat(24) + " 100 %");
});

Deno.test("renderBar() leaves the last column of a narrow terminal free", () => {
  assertEquals(renderBar(0.5, "a long message", 40).length, 39);
});

Deno.test("describeArray() tells type, shape, range and what is no number", () => {
  assertEquals(describeArray(ref("int32", [3], [-7, 0, 9])), "int32 (3,), -7 to 9");
  assertEquals(describeArray(ref("uint8", [2, 1], [4, 4])), "uint8 (2, 1), all 4");
  assertEquals(describeArray(ref("float32", [0, 3], [])), "float32 (0, 3), empty");
  assertEquals(
    describeArray(ref("float64", [2], [NaN, 1 / 3])),
    "float64 (2,), all 0.333333, 1 NaN",
  );
  assertEquals(describeArray(ref("float32", [1], [NaN])), "float32 (1,), 1 NaN");
  assertEquals(describeArray(ref("float64", [2], [-Infinity, 1])), "float64 (2,), -Infinity to 1");
});
