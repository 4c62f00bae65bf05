import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { FileError } from "../../handlers/author/file_error.ts";
import { readInput } from "../../handlers/author/input_file.ts";
import { encodeNpy } from "../../handlers/author/npy.ts";
import { type ArrayRef, byteLength, type DType, elementsOf } from "../../workers/array.ts";
import type { InputSpec } from "../../workers/operation.ts";

function spec(dtype: InputSpec["dtype"], kind: InputSpec["kind"] = "points"): InputSpec {
  return { kind, dtype, shape: ["n"] };
}

async function withNpy(dtype: DType, data: number[], test: (file: string) => Promise<void>) {
  const file = await Deno.makeTempFile({ prefix: "outboard-test-", suffix: ".npy" });
  try {
    const buffer = new SharedArrayBuffer(byteLength(dtype, [data.length]));
    const ref: ArrayRef = { buffer, byteOffset: 0, dtype, shape: [data.length] };
    elementsOf(ref).set(data);
    await Deno.writeFile(file, encodeNpy(ref));
    await test(file);
  } finally {
    await Deno.remove(file);
  }
}

async function read(source: string, wanted: InputSpec) {
  const input = await readInput(source, wanted);
  return Array.isArray(input) ? input : [input.dtype, ...elementsOf(input)];
}

Deno.test("readInput() keeps a type that is accepted, and else takes the preferred one", () =>
  withNpy("float64", [0.1, -2], async (file) => {
    assertEquals(await read(file, spec(["float32", "float64"])), ["float64", 0.1, -2]);
    assertEquals(await read(file, spec("float32")), ["float32", Math.fround(0.1), -2]);
  }));

Deno.test("readInput() does not change whole numbers", () =>
  withNpy("int32", [1, 300, -1], async (file) => {
    assertEquals(await read(file, spec("float32")), ["float32", 1, 300, -1]);
    await assertRejects(
      () => read(file, spec("uint8")),
      FileError,
      "the input is uint8, which cannot hold 300",
    );
  }));

Deno.test("readInput() takes lists as they stand, in the preferred type", async () => {
  assertEquals(await read("[1, 2]", spec(["int32", "uint8"])), ["int32", 1, 2]);
  assertEquals(await read(" []", spec("int32")), []);
  await assertRejects(() => read("[1.5]", spec("int32")), FileError, "cannot hold 1.5");
  await assertRejects(() => read("[1,", spec("int32")), FileError, "Cannot read the JSON given: ");
});

Deno.test("readInput() says what an OBJ file has not", async () => {
  const file = await Deno.makeTempFile({ prefix: "outboard-test-", suffix: ".obj" });
  try {
    await assertRejects(
      () => readInput(file, spec("float32", "colors")),
      FileError,
      "an OBJ file has points and triangles",
    );
  } finally {
    await Deno.remove(file);
  }
});
