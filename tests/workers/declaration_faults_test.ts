import { assertEquals } from "@std/assert/equals.js";
import { z } from "zod";
import { declarationFaults } from "../../workers/declaration_faults.ts";
import type { AnyOperation } from "../../workers/operation.ts";

const values = { kind: "scalars", dtype: "float32", shape: ["n"] };

function faultsOf(parts: Record<string, unknown>): string[] {
  const operation = {
    title: "Test",
    description: "Is checked",
    params: z.strictObject({}),
    inputs: { values },
    outputs: { values },
    run() {},
    ...parts,
  } as unknown as AnyOperation;
  return declarationFaults(operation, z.toJSONSchema(operation.params, { io: "input" }));
}

Deno.test("declarationFaults() finds nothing wrong with a sound declaration", () => {
  assertEquals(faultsOf({ split: "n" }), []);
  const params = z.strictObject({ count: z.int().default(1), seed: z.int().optional() });
  assertEquals(faultsOf({ params, split: "count" }), []);
});

Deno.test("declarationFaults() finds types of what there is not", () => {
  const outputs = {
    a: { ...values, dtype: { like: "gone" } },
    b: { ...values, dtype: { param: "gone" } },
  };
  assertEquals(faultsOf({ outputs }), [
    "The output 'a' has the type of the input 'gone', which there is not",
    "The output 'b' has the type of the parameter 'gone', which there is not",
  ]);
});

Deno.test("declarationFaults() finds a split along what is not known before the run", () => {
  const params = z.strictObject({ size: z.number().default(1) });
  for (const split of ["m", "size"]) {
    assertEquals(faultsOf({ params, split }), [
      `The dimension '${split}' that jobs are split along is not that of an input or an integer parameter`,
    ]);
  }
});

Deno.test("declarationFaults() finds defaults that are none of the values", () => {
  const params = z.strictObject({ a: z.number().max(1).default(2) });
  assertEquals(faultsOf({ params }), [
    "The default of the parameter 'a' is not one of its values: the value must be a number <= 1, got 2",
  ]);
});

Deno.test("declarationFaults() tells what a file without types has wrong", () => {
  for (
    const [parts, fault] of [
      [{ spilt: "n" }, "'spilt' is not a known key"],
      [{ title: undefined }, "'title' must be a string, got nothing"],
      [{ inputs: undefined }, "'inputs' must be a record, got nothing"],
      [
        { inputs: { values: { ...values, sorce: "x" } } },
        "'inputs.values.sorce' is not a known key",
      ],
      [
        { outputs: { values: { ...values, dtype: "float16" } } },
        `'outputs.values.dtype' must be float32, float64, int32, uint32, uint8, { like: INPUT } or { param: PARAMETER }, got "float16"`,
      ],
      [
        { outputs: { values: { ...values, kind: "quaternions" } } },
        `'outputs.values.kind' must be one of "points", "vectors", "matrices", "triangles", "edges", "scalars", "colors", got "quaternions"`,
      ],
    ] as const
  ) {
    assertEquals(faultsOf(parts), [`The declaration is wrong: ${fault}`]);
  }
});

Deno.test("declarationFaults() finds sources and targets that there are not", () => {
  const [source] = faultsOf({ inputs: { values: { ...values, source: "mesh.point" } } });
  assertEquals(
    source?.slice(0, 103),
    "The input 'values' comes from 'mesh.point', which is no source: did you mean 'mesh.points'? There are m",
  );
  const [target] = faultsOf({ outputs: { values: { ...values, target: "mesh.vertices" } } });
  assertEquals(
    target?.slice(0, 96),
    "The output 'values' goes to 'mesh.vertices', which is no target: there are mesh.points, selected",
  );
});

Deno.test("declarationFaults() passes on what is wrong with the parameters", () => {
  const params = z.strictObject({ a: z.number().meta({ outboard: { softMin: 2, softMax: 1 } }) });
  assertEquals(faultsOf({ params }), ["The parameter 'a': softMin 2 is above softMax 1"]);
});
