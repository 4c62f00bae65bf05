import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import { Random } from "../handlers/random.ts";
import { median, quantile, slope, summarize } from "./statistics.ts";

Deno.test("quantile() lies between neighbours in proportion", () => {
  assertEquals(quantile([30, 10, 20, 40], 0), 10);
  assertEquals(quantile([30, 10, 20, 40], 1), 40);
  assertEquals(quantile([30, 10, 20, 40], 0.25), 17.5);
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 2, 3]), 2.5);
  assertEquals(median([7]), 7);
});

Deno.test("quantile() refuses what has no quantile", () => {
  assertThrows(() => quantile([], 0.5), RangeError, "wanted samples");
  assertThrows(() => quantile([1, 2], 1.5), RangeError, "wanted samples");
});

Deno.test("summarize() keeps the samples in their order and finds the quartiles", () => {
  const samples = [5, 1, 3, 2, 4];
  assertEquals(summarize(samples), { median: 3, low: 2, high: 4, samples });
});

Deno.test("slope() finds a straight line exactly", () => {
  const xs = Array.from({ length: 48 }, (_, k) => k);
  const { median, low, high } = slope(xs, xs.map((x) => 3 * x + 7));
  for (const value of [median, low, high]) assert(Math.abs(value - 3) < 1e-9, `${value}`);
});

Deno.test("slope() agrees with a line laid by hand", () => {
  // About the means 1.5 and 2.75: sum of x x is 5, of x y 5.5, of y y 8.75; 2.7 of it is left over.
  const { median, low, high } = slope([0, 1, 2, 3], [1, 3, 2, 5]);
  assertEquals(median, 1.1);
  const deviation = Math.sqrt(2.7 / 2 / 5);
  assert(Math.abs(high - (1.1 + 4.303 * deviation)) < 1e-9);
  assert(Math.abs(low - (1.1 - 4.303 * deviation)) < 1e-9);
});

const random = Random.fromClock();

/** A series whose neighbours are alike, as sizes of memory are, with a slope of `steep` per step. */
function wandering(steep: number): number[] {
  let rest = 0;
  return Array.from({ length: 240 }, (_, k) => {
    rest = 0.7 * rest + random.below(1000) / 500 - 1;
    return steep * k + rest;
  });
}

Deno.test(`slope() tells growth from none in series that wander; seed ${random.seed}`, () => {
  const xs = Array.from({ length: 240 }, (_, k) => k);
  let [wrong, missed] = [0, 0];
  for (let round = 0; round < 200; round++) {
    const none = slope(xs, wandering(0));
    if (none.low > 0 || none.high < 0) wrong++;
    if (slope(xs, wandering(0.05)).low <= 0) missed++;
  }
  // 5 % are expected; 15 % would be six standard errors off.
  assert(wrong < 30, `${wrong} of 200 flat series seemed to lean`);
  assert(missed < 10, `${missed} of 200 growing series seemed flat`);
});

Deno.test("slope() refuses fewer than three points", () => {
  assertThrows(() => slope([1, 2], [1, 2]), RangeError, "wanted 3 points or more, got 2");
});
