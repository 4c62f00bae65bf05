import { assertEquals } from "@std/assert/equals.js";
import { byteLength, type DType, elementsOf } from "../../../workers/array.ts";
import { fillFromPlain, firstMisfit, plainShape } from "../../../handlers/wire/plain_array.ts";
import { type PlainArray, toPlain } from "../../../workers/plain_outputs.ts";

const SHAPES: { value: unknown; shape: number[] | string }[] = [
  { value: 5, shape: [] },
  { value: [], shape: [0] },
  { value: [1, 2, 3], shape: [3] },
  { value: [[1, 2], [3, 4], [5, 6]], shape: [3, 2] },
  { value: [[], []], shape: [2, 0] },
  { value: [[[[[[[[1]]]]]]]], shape: [1, 1, 1, 1, 1, 1, 1, 1] },
  { value: [[[[[[[[[1]]]]]]]]], shape: "wanted at most 8 levels of lists, got more" },
  { value: [[1], 2], shape: "wanted lists of equal depth, got 2" },
  { value: [1, [2]], shape: "wanted numbers, got [2]" },
  { value: [[1, 2], [3]], shape: "wanted lists of equal length, got 1 beside 2" },
  { value: [true], shape: "wanted numbers, got true" },
  { value: {}, shape: "wanted numbers, got {}" },
];

Deno.test("plainShape() tells the shape of nested lists or what is wrong with them", async (test) => {
  for (const { value, shape } of SHAPES) {
    await test.step(JSON.stringify(value), () => assertEquals(plainShape(value), shape));
  }
});

const MISFITS: { dtype: DType; fits: number[]; misfits: number[] }[] = [
  { dtype: "uint8", fits: [0, -0, 255], misfits: [-1, 256, 0.5, Infinity] },
  { dtype: "int32", fits: [-(2 ** 31), 2 ** 31 - 1], misfits: [2 ** 31, -1.5, 1e300] },
  { dtype: "uint32", fits: [0, 2 ** 32 - 1], misfits: [-1, 2 ** 32] },
  { dtype: "float32", fits: [0.1, 3.4e38, 1e-300, Infinity], misfits: [3.5e38, -1e39] },
  { dtype: "float64", fits: [1e308, -Infinity, 0.1], misfits: [] },
];

Deno.test("firstMisfit() finds the number that a type cannot hold", async (test) => {
  for (const { dtype, fits, misfits } of MISFITS) {
    await test.step(dtype, () => {
      assertEquals(firstMisfit([fits, []], dtype), undefined);
      for (const misfit of misfits) assertEquals(firstMisfit([[...fits, misfit]], dtype), misfit);
    });
  }
});

Deno.test("toPlain() gives back what fillFromPlain() took, for every shape", async (test) => {
  const values: { shape: number[]; value: PlainArray; flat: number[] }[] = [
    { shape: [3], value: [1, 2, 3], flat: [1, 2, 3] },
    { shape: [2, 3], value: [[1, 2, 3], [4, 5, 6]], flat: [1, 2, 3, 4, 5, 6] },
    { shape: [2, 0], value: [[], []], flat: [] },
    { shape: [0], value: [], flat: [] },
    { shape: [], value: 7, flat: [7] },
    { shape: [1, 2, 2], value: [[[1, 2], [3, 4]]], flat: [1, 2, 3, 4] },
  ];
  for (const { shape, value, flat } of values) {
    await test.step(JSON.stringify(shape), () => {
      const buffer = new SharedArrayBuffer(byteLength("int32", shape));
      const ref = { buffer, byteOffset: 0, dtype: "int32", shape } as const;
      fillFromPlain(ref, value);
      assertEquals([...elementsOf(ref)], flat);
      assertEquals(toPlain(ref), value);
    });
  }
});
