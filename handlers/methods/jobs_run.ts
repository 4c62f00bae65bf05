import { z } from "zod";
import { SLOT_PLACE } from "../jobs/declaration.ts";
import { JOB_NAME } from "../jobs/job_name.ts";
import { runJob } from "../jobs/run_job.ts";
import { defineMethod } from "./method.ts";

export const jobsRun = defineMethod({
  params: z.strictObject({
    operation: z.string().max(100),
    params: z.record(z.string(), z.unknown()).default({}),
    inputs: z.record(z.string(), z.unknown()).default({}),
    job: JOB_NAME.optional(),
    arrays: z.enum(["binary", "json"]).optional(),
    lane: SLOT_PLACE.optional(),
    partial: z.boolean().default(false),
  }).refine(({ partial, job }) => !partial || job !== undefined, {
    path: ["job"],
    message: "a name, which 'partial' needs",
  }),
  handle: runJob,
});
