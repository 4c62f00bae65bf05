const MIB = 2 ** 20;

/** What the server accepts; told to every client in hello. docs/protocol.md says what each means. */
export interface Limits {
  maxArrayBytes: number;
  maxSessionBytes: number;
  maxTotalBytes: number;
  maxChunkBytes: number;
  maxTextBytes: number;
  maxJsonNumbers: number;
  maxBatch: number;
  maxSessionJobs: number;
  maxQueuedJobs: number;
  jobTimeoutSeconds: number;
  arrayTimeoutSeconds: number;
}

/** The limits that follow from the two that can be set by flag. */
export function limitsFor(
  { maxArrayMib, jobTimeoutSeconds }: { maxArrayMib: number; jobTimeoutSeconds: number },
): Limits {
  return {
    maxArrayBytes: maxArrayMib * MIB,
    // A job takes its inputs and its outputs, and a client may have a second one under way.
    maxSessionBytes: 4 * maxArrayMib * MIB,
    maxTotalBytes: 8 * maxArrayMib * MIB,
    maxChunkBytes: MIB,
    maxTextBytes: MIB,
    maxJsonNumbers: 16_384,
    maxBatch: 64,
    maxSessionJobs: 64,
    maxQueuedJobs: 256,
    jobTimeoutSeconds,
    arrayTimeoutSeconds: 30,
  };
}

/** Bytes of unused buffers kept for the next job. */
export const MAX_POOLED_BYTES = 256 * MIB;

/** Open WebSockets at a time, and upgrades that have not come to an end yet. */
export const MAX_CONNECTIONS = 32;
export const MAX_HANDSHAKES = 8;

/** How much of an answer may lie in the socket's own queue before sending waits. */
export const SEND_AHEAD_BYTES = 4 * MIB;

/** A client that takes nothing of what it is sent for this long is dropped, in ms. */
export const STUCK_SEND_MS = 60_000;

/** How long `/readyz` waits for each thread, in ms. */
export const READY_WITHIN_MS = 1000;
