import { z } from "zod";

/** A client's own name for a job. */
export const JOB_NAME = z.string().min(1).max(100);
