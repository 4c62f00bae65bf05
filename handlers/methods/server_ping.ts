import { z } from "zod";
import { printable } from "../wording.ts";
import { defineMethod } from "./method.ts";

export const serverPing = defineMethod({
  params: z.strictObject({ message: z.string().max(1000).optional() }),
  handle({ core, clientName }, { message }) {
    if (message !== undefined) {
      core.log({ event: "ping", message: `${clientName}: ${printable(message)}` });
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
