import type { Doorbell } from "./doorbell.ts";
import { type Ring, STATE } from "./ring.ts";

/** How long a thread looks out for the next request before it goes to sleep, in ms: about as long as a client takes to ask again. */
const SPIN_MS = 0.5;

/** Looks between two looks at the clock. */
const LOOKS = 32;

/** Looks out for a request for a while. @returns Whether one came */
function spin(isThere: () => boolean): boolean {
  const until = performance.now() + SPIN_MS;
  do {
    for (let look = 0; look < LOOKS; look++) if (isThere()) return true;
  } while (performance.now() < until);
  return false;
}

/**
 * Takes the requests of a ring one after the other, for the thread's whole life.
 *
 * @param run Computes a request, writes its answer and tells the state that the slot has then
 * @param bell Rung when an answer is there
 */
export async function serveRing(
  ring: Ring,
  bell: Doorbell,
  run: (request: number) => Promise<number>,
): Promise<never> {
  for (let request = 0;; request++) {
    const isThere = (): boolean => {
      const state = ring.stateOf(request);
      return state === STATE.QUEUED || state === STATE.WITHDRAWN;
    };
    while (!isThere()) {
      if (ring.spin && spin(isThere)) break;
      await ring.bell.wait(isThere);
    }
    ring.setState(request, ring.begin(request) ? await run(request) : STATE.PASSED);
    bell.ring();
  }
}
