import { assertEquals } from "@std/assert/equals.js";
import { LoneSlices } from "../../workers/lone_slices.ts";

const SMALL_MS = 0.05;

/** Whether the last of these slices, given in bursts of so many that each were answered, is looked out for. */
function looksOut(bursts: readonly number[], expectedMs: number | undefined): boolean {
  const lone = new LoneSlices();
  for (const [index, burst] of bursts.entries()) {
    if (index > 0) lone.end();
    for (let slice = 0; slice < burst; slice++) lone.give(expectedMs);
  }
  let looked = false;
  const came = lone.spots(() => looked = true);
  assertEquals(came, looked);
  return looked;
}

Deno.test("LoneSlices looks out for an answer when small slices come one at a time", () => {
  assertEquals(looksOut([1, 1], SMALL_MS), true);
  assertEquals(looksOut([5, 1, 1], SMALL_MS), true);
});

Deno.test("LoneSlices leaves the processor to others while several slices are under way", () => {
  assertEquals(looksOut([1], SMALL_MS), false);
  assertEquals(looksOut([1, 2], SMALL_MS), false);
  assertEquals(looksOut([2, 1], SMALL_MS), false);
});

Deno.test("LoneSlices does not look out for what is long or takes nobody knows how long", () => {
  assertEquals(looksOut([1, 1], 10), false);
  assertEquals(looksOut([1, 1], undefined), false);
});
