import { z } from "zod";
import { defineOperation } from "../../workers/operation.ts";

export default defineOperation({
  title: "Echo",
  description: "Gives back what came: any type, any number of rows and columns.",
  params: z.strictObject({}),
  inputs: {
    values: {
      kind: "scalars",
      dtype: ["float64", "float32", "int32", "uint32", "uint8"],
      shape: ["rows", "columns"],
    },
    weights: {
      kind: "scalars",
      dtype: "float32",
      shape: ["rows"],
      optional: true,
      finite: true,
    },
    flags: { kind: "scalars", dtype: "uint8", shape: ["rows"], optional: true },
  },
  outputs: {
    values: { kind: "scalars", dtype: { like: "values" }, shape: ["rows", "columns"] },
  },
  run({ inputs, allocate }) {
    const { values } = inputs;
    if (values === undefined) throw new TypeError("The input 'values' did not come");
    (allocate("values").data as Float64Array).set(values.data as Float64Array);
  },
});
