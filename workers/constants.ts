/** Elements from which a job is split over all threads: below it, waking a second thread costs more than it saves. */
export const SPLIT_ABOVE = 100_000;

/** How long a thread may go on after the cancel flag is raised before it is killed, in ms. */
export const CANCEL_GRACE_MS = 100;

/** At most ten progress reports a second, in ms. */
export const PROGRESS_INTERVAL_MS = 100;
