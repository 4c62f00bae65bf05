import { z } from "zod";
import { NAME, VERSION } from "../version.ts";
import { defineMethod } from "./method.ts";

function secondsSince(time: number): number {
  return (performance.now() - time) / 1000;
}

export const serverStatus = defineMethod({
  params: z.strictObject({}),
  handle({ core }) {
    const { scheduler } = core;
    const jobs = scheduler.jobs.map(({ request, running, submitted }) => ({
      running,
      shown: {
        operation: request.operation,
        session: request.session,
        job: request.job ?? null,
        ageSeconds: secondsSince(submitted),
      },
    }));
    return {
      result: {
        server: { name: NAME, version: VERSION },
        uptimeSeconds: core.uptimeSeconds,
        sessions: [...core.sessions].map((session) => ({
          session: session.id,
          client: session.client ?? null,
          connectedSeconds: secondsSince(session.connectedAt),
          jobs: session.jobs.size,
        })),
        threads: scheduler.pool.busy.map((busy, thread) => ({ thread, busy })),
        jobs: {
          queued: jobs.filter(({ running }) => !running).map(({ shown }) => shown),
          running: jobs.filter(({ running }) => running).map(({ shown }) => shown),
        },
        bytes: { held: core.budget.held, pooled: core.blocks.pooledBytes },
        limits: core.limits,
        catalogue: { revision: core.catalogue.revision },
      },
    };
  },
});
