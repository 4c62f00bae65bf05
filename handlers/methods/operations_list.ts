import { z } from "zod";
import { defineMethod } from "./method.ts";

export const operationsList = defineMethod({
  params: z.strictObject({}),
  handle({ core: { catalogue } }) {
    const { revision, operations, failures } = catalogue;
    return { result: { revision, operations, failures } };
  },
});
