import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import { BATCH, drawBlock, drawWords, unit } from "../../../workers/kernels/philox.ts";
import { fillPlanes } from "../../../workers/kernels/philox_planes.ts";
import { printedSeed } from "./statistics.ts";

type Counter = [number, number, number, number];
type Key = [number, number];

/** The generator as its authors wrote it down, on integers of any size. */
function philox(counter: Counter, key: Key): number[] {
  let [x0, x1, x2, x3] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key.map(BigInt) as [bigint, bigint];
  for (let round = 0; round < 10; round++) {
    const a = 0xd2511f53n * x0;
    const b = 0xcd9e8d57n * x2;
    [x0, x1, x2, x3] = [
      (b >> 32n) ^ x1 ^ k0,
      b & 0xffff_ffffn,
      (a >> 32n) ^ x3 ^ k1,
      a & 0xffff_ffffn,
    ];
    k0 = (k0 + 0x9e3779b9n) & 0xffff_ffffn;
    k1 = (k1 + 0xbb67ae85n) & 0xffff_ffffn;
  }
  return [x0, x1, x2, x3].map(Number);
}

function blockOf(planes: ArrayLike<number>, i: number): number[] {
  return [0, 1, 2, 3].map((plane) => planes[plane * BATCH + i]!);
}

// The lines of philox4x32 with 10 rounds in kat_vectors, which comes with the authors' Random123: counter, key, result.
const KNOWN = [
  "00000000 00000000 00000000 00000000 00000000 00000000 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
  "ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff 408f276d 41c83b0e a20bc7c6 6d5451fd",
  "243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0 d16cfe09 94fdcceb 5001e420 24126ea1",
];

Deno.test("fillPlanes() gives the published known answers", () => {
  for (const line of KNOWN) {
    const words = line.split(" ").map((word) => parseInt(word, 16));
    const [counter, key] = [words.slice(0, 4) as Counter, words.slice(4, 6) as Key];
    assertEquals(blockOf(fillPlanes(0, { counter, key, count: 1 }), 0), words.slice(6));
    assertEquals(philox(counter, key), words.slice(6));
  }
});

Deno.test("fillPlanes() agrees with the written-down generator for any counter and key", () => {
  const seed = printedSeed("fillPlanes()");
  const numbers = drawWords({ seed, stream: 9, draw: 0, first: 0, count: 64, bits: 32 }).high
    .slice();
  for (let i = 0; i < 16; i++) {
    const [c0, c1, c2, c3] = blockOf(numbers, i) as Counter;
    const [k0, k1] = blockOf(numbers, i + 16);
    const count = 1 + numbers[i + 32]! % 100;
    const planes = fillPlanes(1, { counter: [c0, c1, c2, c3], key: [k0!, k1!], count });
    for (let j = 0; j < count; j++) {
      assertEquals(blockOf(planes, j), philox([(c0 + j) >>> 0, c1, c2, c3], [k0!, k1!]));
    }
  }
});

Deno.test("fillPlanes() refuses counts that do not fit its planes", () => {
  for (const count of [0, -1, BATCH + 1, NaN]) {
    assertThrows(
      () => fillPlanes(0, { counter: [0, 0, 0, 0], key: [0, 0], count }),
      RangeError,
      "wanted",
    );
  }
});

Deno.test("drawWords() uses the whole seed, low words only for 53 bits", () => {
  const draw = { stream: 0, draw: 0, first: 5, count: 1 };
  const seed = 2 ** 53 - 1;
  const { high, low } = drawWords({ ...draw, seed, bits: 53 });
  assertEquals(blockOf(high, 0), philox([5, 0, 0, 0], [0xffff_ffff, 0x1f_ffff]));
  assertEquals(blockOf(low, 0), philox([5, 0x8000_0000, 0, 0], [0xffff_ffff, 0x1f_ffff]));
  assertEquals(blockOf(drawWords({ ...draw, seed, bits: 32 }).low, 0), [0, 0, 0, 0]);
});

Deno.test("drawBlock() leaves the words of drawWords() alone", () => {
  const { high } = drawWords({ seed: 1, stream: 2, draw: 3, first: 4, count: 1, bits: 53 });
  const before = blockOf(high, 0);
  const block = drawBlock({ seed: 1, stream: 2, draw: 3, index: 4, retry: 5 });
  assertEquals(block, philox([4, 3, 2, 5], [1, 0]));
  assertEquals(blockOf(high, 0), before);
});

Deno.test("unit() keeps within [0, 1), exactly", () => {
  assertEquals(unit(0, 0), 0);
  assertEquals(unit(0xffff_ffff, 0xffff_ffff), 1 - 2 ** -53);
  assertEquals(unit(1, 1 << 11), 2 ** -32 + 2 ** -53);
});
