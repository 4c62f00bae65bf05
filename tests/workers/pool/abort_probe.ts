/**
 * Aborts spinning jobs, then prints which share of a core the process still uses. `pool` does it through our pool,
 * `unlocked` through bare piscina with a worker that holds no lock: what the lock is there to prevent.
 */
import process from "node:process";
import { Piscina } from "piscina";
import { OutboardError } from "../../../workers/errors.ts";
import { jobOf, sliceOf, withScheduler } from "./scheduler_fixture.ts";

const ABORTS = 10;
const WINDOW_MS = 1000;

async function cpuShare(): Promise<number> {
  const before = process.cpuUsage();
  const started = performance.now();
  await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (performance.now() - started);
}

async function throughPool(): Promise<void> {
  await withScheduler({ threads: 2 }, async ({ scheduler }) => {
    for (let i = 0; i < ABORTS; i++) {
      const job = scheduler.submit(jobOf([sliceOf("spin")]));
      while (!job.running) await scheduler.pool.ping(10);
      job.cancel(new OutboardError("CANCELLED", "Enough"));
      await job.ended;
    }
    await scheduler.submit(jobOf([sliceOf("grow", { params: { rows: 1 } })])).outcome;
    print(await cpuShare());
  });
}

async function throughBarePiscina(): Promise<void> {
  const filename = new URL("./spinning_thread.ts", import.meta.url).href;
  const pool = new Piscina({ filename, maxThreads: 1, atomics: "disabled", env: {} });
  const begun = new SharedArrayBuffer(4);
  const abort = new AbortController();
  const running = pool.run({ begun }, { signal: abort.signal });
  await Atomics.waitAsync(new Int32Array(begun), 0, 0).value;
  abort.abort();
  await running.catch(() => {});
  print(await cpuShare());
}

function print(share: number): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${share}\n`));
}

if (Deno.args[0] === "pool") await throughPool();
else await throughBarePiscina();
Deno.exit(0);
