import { z } from "zod";
import { defineOperation } from "../../workers/operation.ts";

export default defineOperation({
  title: "Spin",
  description: "Loops for ever and never looks at the signal: only killing the thread ends it.",
  params: z.strictObject({}),
  inputs: {},
  outputs: {},
  run() {
    let turns = 0;
    while (turns >= 0) turns++;
  },
});
