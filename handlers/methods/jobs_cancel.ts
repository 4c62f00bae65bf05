import { z } from "zod";
import { OutboardError } from "../../workers/errors.ts";
import { JOB_NAME } from "../jobs/job_name.ts";
import { defineMethod } from "./method.ts";

export const jobsCancel = defineMethod({
  params: z.strictObject({ job: JOB_NAME }),
  handle(session, { job }) {
    const running = session.jobNamed(job);
    running?.cancel(new OutboardError("CANCELLED", `Job '${job}' was cancelled`));
    return { result: { cancelled: running !== undefined } };
  },
});
