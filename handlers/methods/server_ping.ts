import { z } from "zod";
import { defineMethod } from "./method.ts";

/** Characters that would let a client write over the server's terminal. */
// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

export const serverPing = defineMethod({
  params: z.strictObject({ message: z.string().max(1000).optional() }),
  handle({ core, clientName }, { message }) {
    if (message !== undefined) {
      core.log({
        event: "ping",
        message: `${clientName}: ${message}`.replace(CONTROL, " "),
      });
    }
    return {
      result: {
        message: message ?? null,
        uptimeSeconds: core.uptimeSeconds,
        threads: core.scheduler.pool.size,
        jobs: core.scheduler.counts,
      },
    };
  },
});
