import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { compileKernels, KERNELS_WASM } from "../../../workers/kernels/compile_kernels.ts";
import { fillNormal } from "../../../workers/kernels/random_vectors.ts";
import { kernelsFor, kernelsIn, type Twelve } from "../../../workers/kernels/simd_kernels.ts";
import { knownMemory } from "./places.ts";
import { printedSeed } from "./statistics.ts";

Deno.test("kernels.wasm is what its source compiles to (if not: deno task wasm)", async () => {
  const [kept, compiled] = [await Deno.readFile(KERNELS_WASM), await compileKernels()];
  assertEquals(kept.length, compiled.length);
  assert(kept.every((byte, i) => byte === compiled[i]), "some bytes differ");
});

Deno.test("the compiler is locked in a file of its own, or every first start would fetch it", async () => {
  const packagesIn = async (path: string) => {
    const lock = JSON.parse(await Deno.readTextFile(new URL(`../../../${path}`, import.meta.url)));
    return Object.keys(lock.npm).map((name) => name.replace(/@[^@]*$/, ""));
  };
  const compiler = await packagesIn("workers/kernels/assembly/asc.lock");
  assert(compiler.includes("assemblyscript"), compiler.join());
  const server = await packagesIn("deno.lock");
  assertEquals(server.filter((name) => compiler.includes(name)), []);
});

Deno.test("kernelsIn() works in memories of any size, and makes kernels once for each", () => {
  // The largest takes addresses only, as nobody touches it.
  for (const maximum of [1, 2, 1000, 65_536]) {
    const memory = knownMemory(1, maximum);
    const numbers = new Float32Array(memory.buffer, 0, 16).fill(1);
    assertEquals(kernelsIn(memory).allFinite32(0, 1), 1);
    numbers[15] = NaN;
    assertEquals(kernelsIn(memory).allFinite32(0, 1), 0);
    assert(kernelsIn(memory) === kernelsIn(memory));
  }
});

Deno.test("kernelsFor() takes arrays that lie in one known memory, and no others", () => {
  const [one, other] = [knownMemory(1).buffer, knownMemory(1).buffer];
  const unknown = new SharedArrayBuffer(65_536);
  const at = (buffer: ArrayBufferLike) => new Float32Array(buffer, 64, 3);
  assert(kernelsFor(at(one)) !== undefined);
  assert(kernelsFor(at(one)) === kernelsFor(at(one), at(one)));
  for (const pair of [[one, other], [one, unknown], [unknown, one], [unknown, unknown]]) {
    assertEquals(kernelsFor(at(pair[0]!), at(pair[1]!)), undefined);
  }
  assertEquals(kernelsFor(new Float32Array(3)), undefined);
});

/** Kernels that write, each with as many bytes as it reads and writes for a count. */
const WRITING = {
  affine32: { bytes: 24, extra: [] },
  affine64: { bytes: 48, extra: [] },
  multiply32: { bytes: 64, extra: [true] },
  multiply64: { bytes: 128, extra: [false] },
} as const;

Deno.test("kernels leave every byte alone but the results'", () => {
  const memory = knownMemory(4096);
  const bytes = new Uint8Array(memory.buffer);
  const kernels = kernelsIn(memory);
  kernels.setMatrix(...Array.from({ length: 12 }, (_, i) => i) as Twelve);
  for (const [name, { bytes: each, extra }] of Object.entries(WRITING)) {
    const count = 7;
    const [source, target] = [each === 24 ? 404 : 408, 2056];
    bytes.fill(0xa5);
    bytes.fill(0, source, source + count * each);
    // A last row of 0 0 0 1, or the matrices are refused.
    const ones = name.endsWith("32")
      ? new Float32Array(memory.buffer)
      : new Float64Array(memory.buffer);
    if (name.startsWith("multiply")) {
      for (let i = 1; i <= count; i++) {
        ones[(source + i * each) / ones.BYTES_PER_ELEMENT - 1] = 1;
      }
    }
    const before = bytes.slice();
    const kernel = kernels[name as keyof typeof WRITING] as (...all: unknown[]) => unknown;
    kernel(source, target, count, ...extra);
    const touched = bytes.findIndex((byte, i) =>
      byte !== before[i] && !(i >= target && i < target + count * each)
    );
    assertEquals(touched, -1, `${name} writes where it should not`);
    assert(bytes.subarray(target, target + count * each).every((byte) => byte !== 0xa5), name);
  }
});

Deno.test("allFinite32() and allFinite64() find what is not finite, wherever it stands", () => {
  const memory = knownMemory(65_536);
  const kernels = kernelsIn(memory);
  const seed = printedSeed("allFinite");
  for (const Type of [Float32Array, Float64Array]) {
    const size = Type.BYTES_PER_ELEMENT;
    const numbers = new Type(memory.buffer as unknown as ArrayBuffer, size, 320);
    fillNormal(numbers.subarray(0, 318), {
      seed,
      start: 0,
      end: 106,
      mean: [0, 0, 0],
      standardDeviation: 1e9,
    });
    const sweep = size === 4 ? kernels.allFinite32 : kernels.allFinite64;
    const blocks = 320 * size / 64;
    const largest = size === 4 ? 3.4028234663852886e38 : Number.MAX_VALUE;
    numbers.set([largest, -largest, 0, -0, size === 4 ? 2 ** -149 : Number.MIN_VALUE]);
    assertEquals(sweep(size, blocks), 1);
    for (let i = 0; i < numbers.length; i++) {
      const kept = numbers[i]!;
      for (const bad of [NaN, Infinity, -Infinity]) {
        numbers[i] = bad;
        assertEquals(sweep(size, blocks), 0, `${bad} at ${i}`);
      }
      numbers[i] = kept;
    }
    numbers[0] = NaN;
    assertEquals(sweep(2 * size, blocks - 1), 1, "the one before the first does not count");
  }
});
