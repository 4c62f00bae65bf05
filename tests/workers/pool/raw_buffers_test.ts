import { assert } from "@std/assert/assert.js";
import { Piscina } from "piscina";
import { jobOf, shared, sliceOf, withScheduler } from "./scheduler_fixture.ts";

const LARGE_ROWS = 1_000_000;
const ROUNDS = 15;
/** A view of 3 million elements costs some thousand times the message without it; a raw buffer nothing. */
const MOST = 20;

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] as number;
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

Deno.test("a 12 MB array goes to a thread in about the time of a small one", () =>
  withScheduler({ threads: 1 }, async ({ scheduler }) => {
    const run = (rows: number) => {
      // The job looks at one row: what is measured is the way there and back.
      const slice = sliceOf("fill", {
        params: { rows },
        inputs: { unused: shared("float32", [rows, 3], rows * 12) },
        outputs: { filled: shared("uint32", [rows], rows * 4) },
        dimensions: { rows },
        range: { start: 0, end: 1 },
      });
      return timed(() => scheduler.submit(jobOf([slice])).outcome);
    };
    const small: number[] = [];
    const large: number[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      small.push(await run(1));
      large.push(await run(LARGE_ROWS));
    }
    const ratio = median(large) / median(small);
    assert(ratio < MOST, `12 MB take ${ratio.toFixed(1)} times as long as 12 bytes`);
  }));

Deno.test("a typed-array view in a message to a thread is slow: raw buffers are still needed", async () => {
  const filename = new URL("./idle_thread.ts", import.meta.url).href;
  const pool = new Piscina({ filename, maxThreads: 1, atomics: "disabled", env: {} });
  const buffer = new SharedArrayBuffer(LARGE_ROWS * 12);
  const raw: number[] = [];
  for (let i = 0; i < ROUNDS; i++) raw.push(await timed(() => pool.run({ buffer })));
  const view = await timed(() => pool.run({ view: new Float32Array(buffer) }));
  await pool.destroy();
  const ratio = view / median(raw);
  assert(ratio > MOST, `a view takes only ${ratio.toFixed(1)} times as long`);
});
