import type { FromThread, ToThread } from "./messages.ts";
import type { Ring } from "./ring.ts";

/** The main thread's end of a worker thread. */
export interface ThreadLink {
  send(message: ToThread): void;
  /** Ends the thread, busy or not. */
  kill(): void;
}

/** Starts a thread; one with a ring computes. `onEnd` is called once, when it has ended, with the reason. */
export type StartThread = (
  onMessage: (message: FromThread) => void,
  onEnd: (reason: string) => void,
  ring?: Ring,
) => ThreadLink;
