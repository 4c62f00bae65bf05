import { assert } from "@std/assert/assert.js";
import { runProbe } from "./probe.ts";

/** A spinning thread takes a whole core, on a crowded machine a part of one; an idle process a hundredth. */
const BUSY = 0.1;

async function cpuShare(way: string): Promise<number> {
  const { output } = await runProbe("./abort_probe.ts", [way], { withinMs: 60_000 });
  return Number(output);
}

Deno.test("an aborted spinning thread uses no CPU any more", async () => {
  const share = await cpuShare("pool");
  assert(share < BUSY, `ten aborted jobs still use ${share} of a core`);
});

Deno.test("without the thread's lock an aborted spinning thread goes on: the lock is still needed", async () => {
  const share = await cpuShare("unlocked");
  assert(share > BUSY, `an aborted job uses ${share} of a core: Deno now ends threads by itself`);
});
