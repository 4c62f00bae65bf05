import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import { FileError } from "../../handlers/author/file_error.ts";
import { decodeObj, encodeObj } from "../../handlers/author/obj.ts";
import { type ArrayRef, byteLength, type DType, elementsOf } from "../../workers/array.ts";

function ref(dtype: DType, shape: number[], data: number[]): ArrayRef {
  const buffer = new SharedArrayBuffer(byteLength(dtype, shape));
  const made = { buffer, byteOffset: 0, dtype, shape };
  elementsOf(made).set(data);
  return made;
}

const FILE = `# made by hand
o Quad
v 0 0 0
v 1 0 0 0.5 0.5 0.5
  v 1 1 -2.5e-1\r
v 0 1 0
vt 0 0
vn 0 0 1
s off
f 1/1/1 2//1 3/1 4
f -1 -2 -3
`;

Deno.test("decodeObj() reads points, and triangles out of faces of any size", () => {
  const { points, triangles } = decodeObj("x.obj", FILE);
  assertEquals([points.dtype, points.shape], ["float64", [4, 3]]);
  assertEquals([...elementsOf(points)], [0, 0, 0, 1, 0, 0, 1, 1, -0.25, 0, 1, 0]);
  assertEquals([triangles.dtype, triangles.shape], ["uint32", [3, 3]]);
  assertEquals([...elementsOf(triangles)], [0, 1, 2, 0, 2, 3, 3, 2, 1]);
});

Deno.test("decodeObj() reads a file with nothing in it", () => {
  const { points, triangles } = decodeObj("x.obj", "");
  assertEquals([points.shape, triangles.shape], [[0, 3], [0, 3]]);
});

const BROKEN: [string, string][] = [
  ["v 1 2", "Cannot read x.obj:1: wanted three numbers, got 'v 1 2'"],
  ["\nv 1 2 x", "x.obj:2: wanted three numbers"],
  ["v 0 0 0\nf 1 1", "x.obj:2: wanted three or more of the 1 vertices above, got 'f 1 1'"],
  ["v 0 0 0\nf 1 1 2", "x.obj:2"],
  ["v 0 0 0\nf 0 1 1", "x.obj:2"],
  ["v 0 0 0\nf 1 1 -2", "x.obj:2"],
];

for (const [text, message] of BROKEN) {
  Deno.test(`decodeObj() tells the line of ${JSON.stringify(text)}`, () => {
    assertThrows(() => decodeObj("x.obj", text), FileError, message);
  });
}

Deno.test("encodeObj() writes what decodeObj() reads, every float32 as it was", () => {
  const given = [0.1, -1e-20, 16_777_215, 1 / 3, -0.5, 3e38];
  const points = ref("float32", [2, 3], given);
  const text = encodeObj(points, ref("uint32", [1, 3], [0, 1, 0]));
  assertEquals(text.split("\n")[0], "v 0.1 -1e-20 16777215");
  const mesh = decodeObj("x.obj", text);
  assertEquals([...elementsOf(mesh.points)].map(Math.fround), [...elementsOf(points)]);
  assertEquals([...elementsOf(mesh.triangles)], [0, 1, 0]);
});

Deno.test("encodeObj() writes points without triangles", () => {
  assertEquals(encodeObj(ref("float64", [1, 3], [0.1, 2, 3])), "v 0.1 2 3\n");
});
