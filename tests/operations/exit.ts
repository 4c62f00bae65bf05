import { z } from "zod";
import { defineOperation } from "../../workers/operation.ts";

export default defineOperation({
  title: "Exit",
  description: "Ends its own thread.",
  params: z.strictObject({ code: z.int().min(0).max(255).default(3) }),
  inputs: {},
  outputs: {},
  run({ params: { code } }) {
    Deno.exit(code);
  },
});
