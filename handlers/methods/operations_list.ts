import { z } from "zod";
import { defineMethod } from "./method.ts";

export const operationsList = defineMethod({
  params: z.strictObject({}),
  handle({ core: { catalogue } }) {
    return { result: { revision: catalogue.revision, operations: catalogue.operations } };
  },
});
