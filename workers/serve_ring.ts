import type { Doorbell } from "./doorbell.ts";
import { Lookout } from "./lookout.ts";
import { type Ring, STATE } from "./ring.ts";

/** How long a thread looks out for the next request before it goes to sleep, in ms: a client takes about as long to ask again. */
const SPIN_MS = 0.5;

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
  const lookout = new Lookout(SPIN_MS);
  for (let request = 0;; request++) {
    const isThere = (): boolean => {
      const state = ring.stateOf(request);
      return state === STATE.QUEUED || state === STATE.WITHDRAWN;
    };
    while (!isThere()) {
      if (ring.spin && lookout.spots(isThere)) break;
      await ring.bell.wait(isThere);
    }
    ring.setState(request, ring.begin(request) ? await run(request) : STATE.PASSED);
    bell.ring();
  }
}
