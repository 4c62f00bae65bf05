/** Starts threads, runs a job, and ends; `sync` uses piscina's default way of waiting, which is what must not be. */
import { Piscina } from "piscina";
import { jobOf, sliceOf, withScheduler } from "./scheduler_fixture.ts";

const EXPORTS_MS = 500;

async function untilExports(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, EXPORTS_MS));
}

if (Deno.args[0] === "pool") {
  await withScheduler({ threads: 2 }, async ({ scheduler }) => {
    await scheduler.submit(jobOf([sliceOf("grow", { params: { rows: 1 } })])).outcome;
    await untilExports();
  });
} else {
  const filename = new URL("./idle_thread.ts", import.meta.url).href;
  const pool = new Piscina({ filename, minThreads: 2, maxThreads: 2, atomics: "sync", env: {} });
  await pool.run({});
  await untilExports();
  await pool.destroy();
}
