import { assertEquals } from "@std/assert/equals.js";
import { assertStringIncludes } from "@std/assert/string_includes.js";
import { assertThrows } from "@std/assert/throws.js";
import { FileError } from "../../handlers/author/file_error.ts";
import { decodeNpy, encodeNpy } from "../../handlers/author/npy.ts";
import { elementsOf } from "../../workers/array.ts";

const FIXTURES = new URL("../fixtures/npy/", import.meta.url);

function fixture(name: string): Promise<Uint8Array> {
  return Deno.readFile(new URL(`${name}.npy`, FIXTURES));
}

/** What tests/fixtures/npy/generate.py has numpy write. */
const KNOWN: Record<string, { shape: number[]; data: number[] }> = {
  float32: { shape: [2, 3], data: [0.5, -1.25, NaN, Infinity, Math.fround(0.1), -0] },
  float64: { shape: [2, 1, 1], data: [0.1, -2e300] },
  int32: { shape: [3], data: [-(2 ** 31), 0, 7] },
  uint32: { shape: [1], data: [2 ** 32 - 1] },
  uint8: { shape: [3, 2], data: [0, 1, 2, 3, 4, 5] },
};

for (const [name, { shape, data }] of Object.entries(KNOWN)) {
  Deno.test(`decodeNpy() reads numpy's ${name}, encodeNpy() writes the same bytes`, async () => {
    const bytes = await fixture(name);
    const ref = decodeNpy("x.npy", bytes);
    assertEquals([ref.dtype, ref.shape], [name, shape]);
    assertEquals([...elementsOf(ref)], data);
    assertEquals(encodeNpy(ref), bytes);
  });
}

Deno.test("decodeNpy() and encodeNpy() know arrays of no rows and of no dimensions", async () => {
  for (const [name, shape] of [["empty", [0, 3]], ["scalar", []]] as const) {
    const bytes = await fixture(name);
    const ref = decodeNpy("x.npy", bytes);
    assertEquals(ref.shape, shape);
    assertEquals(encodeNpy(ref), bytes);
  }
});

Deno.test("decodeNpy() reads version 2.0", async () => {
  const ref = decodeNpy("x.npy", await fixture("version_2"));
  assertEquals([...elementsOf(ref)], [0, 1, 2, 3, 4, 5]);
});

const REFUSED: [string, string][] = [
  ["int64", "float32, float64, int32, uint32, uint8, got '<i8'; in numpy, array.astype"],
  ["big_endian", "got '>f4'"],
  ["fields", "got fields"],
  ["fortran", "wanted C order, got Fortran order; in numpy, numpy.ascontiguousarray"],
];

for (const [name, reason] of REFUSED) {
  Deno.test(`decodeNpy() refuses ${name} and says what to do`, async () => {
    const bytes = await fixture(name);
    const { message } = assertThrows(() => decodeNpy("x.npy", bytes), FileError);
    assertStringIncludes(message, "Cannot read x.npy: ");
    assertStringIncludes(message, reason);
  });
}

Deno.test("decodeNpy() refuses what is cut off, wherever, and what goes on", async () => {
  const bytes = await fixture("float32");
  for (let length = 0; length < bytes.length; length++) {
    assertThrows(() => decodeNpy("x.npy", bytes.subarray(0, length)), FileError, "Cannot read");
  }
  const longer = new Uint8Array([...bytes, 0]);
  assertThrows(() => decodeNpy("x.npy", longer), FileError, "takes 24 bytes, got 25");
});

Deno.test("decodeNpy() refuses other versions", async () => {
  const bytes = (await fixture("uint8")).slice();
  bytes[6] = 3;
  assertThrows(() => decodeNpy("x.npy", bytes), FileError, "wanted version 1.0 or 2.0, got 3.0");
});
