interface LockManager {
  request(name: string, callback: () => Promise<never>): Promise<never>;
}

/**
 * Makes this thread killable. Deno ends a worker by a flag that a busy thread never looks at, except when the worker
 * holds a Web Lock: then it terminates the thread's execution first. So every thread holds a lock of its own for
 * life. Call it before anything else in a worker module.
 *
 * Source: `impl Drop for WorkerThread` in Deno's runtime/ops/worker_host.rs; kept by tests/workers/kill_test.ts.
 */
export function holdThreadLock(): Promise<void> {
  const { locks } = navigator as unknown as { locks: LockManager };
  return new Promise((held) => {
    // The promise of the request never settles while the thread lives and rejects when it is ended.
    locks.request(`outboard-thread-${crypto.randomUUID()}`, () => {
      held();
      return new Promise<never>(() => {});
    }).catch(() => {});
  });
}
