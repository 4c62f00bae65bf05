/** What is known of a thread when a slice looks for one. */
export interface Candidate {
  readonly takesWork: boolean;
  /** How many slices it has. */
  readonly load: number;
  /** How long it will be at what it has, in ms; Infinity when nobody knows. */
  readonly expectedMs: number;
}

/** A busy thread gets another small slice up to this much work, in ms: to wake a second one takes about as long. */
const WAKE_MS = 0.3;

/** The most small work that is queued in a thread, in ms, and the most slices. */
const MAX_QUEUED_MS = 1;
const MAX_QUEUED = 32;

/**
 * The thread for a slice: an idle one; for a slice that is known to be small also one that has only small ones.
 *
 * @param expectedMs What it will probably take; undefined when nobody knows or it is long
 */
export function chooseThread<Thread extends Candidate>(
  threads: readonly (Thread | undefined)[],
  expectedMs: number | undefined,
): Thread | undefined {
  let idle: Thread | undefined;
  let least: Thread | undefined;
  for (const thread of threads) {
    if (!thread?.takesWork) continue;
    if (thread.load === 0) idle ??= thread;
    else if (thread.load < MAX_QUEUED && !(least && least.expectedMs <= thread.expectedMs)) {
      least = thread;
    }
  }
  if (expectedMs === undefined || least === undefined) return idle;
  const ms = least.expectedMs + expectedMs;
  if (ms <= WAKE_MS) return least;
  return idle ?? (ms <= MAX_QUEUED_MS ? least : undefined);
}
