/** A worker that never ends: with the lock that makes it killable, or without. */
import { holdThreadLock } from "../../../workers/thread_lock.ts";

if (new URL(import.meta.url).searchParams.has("locked")) await holdThreadLock();

export default function spin({ begun }: { begun: SharedArrayBuffer }): void {
  const flag = new Int32Array(begun);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
  let turns = 0;
  while (turns >= 0) turns++;
}
