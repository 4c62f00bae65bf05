import { z } from "zod";
import { OutboardError } from "../../workers/errors.ts";
import { defineOperation } from "../../workers/operation.ts";

export default defineOperation({
  title: "Fail",
  description: "Fails in the way that is asked for.",
  params: z.strictObject({
    how: z.enum(["exception", "own_error", "thrown_text", "late", "no_output"]),
  }),
  inputs: {},
  outputs: { nothing: { kind: "scalars", dtype: "float32", shape: ["unknown"] } },
  async run({ params: { how } }) {
    switch (how) {
      case "exception":
        throw new TypeError("The matrix is singular");
      case "own_error":
        throw new OutboardError("INVALID_VALUE", "Cannot fail in any other way", { row: 3 });
      case "thrown_text":
        throw "only a text";
      case "late":
        await Promise.resolve();
        throw new RangeError("Failed after a wait");
      case "no_output":
        return;
    }
  },
});
