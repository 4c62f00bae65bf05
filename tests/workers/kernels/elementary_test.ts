import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { cos, cosOfTurns, log, sin, sinOfTurns } from "../../../workers/kernels/elementary.ts";
import { drawWords, unit } from "../../../workers/kernels/philox.ts";
import { printedSeed } from "./statistics.ts";

function numbers(test: string): number[] {
  const words = drawWords({
    seed: printedSeed(test),
    stream: 9,
    draw: 0,
    first: 0,
    count: 2000,
    bits: 53,
  });
  return Array.from({ length: 2000 }, (_, i) => unit(words.high[i]!, words.low[i]!));
}

/** Distance in units of the last place of the second number. */
function places(actual: number, expected: number): number {
  const exponent = Math.floor(Math.log2(Math.max(Math.abs(expected), 2 ** -1022)));
  return Math.abs(actual - expected) / 2 ** (exponent - 52);
}

Deno.test("sin() and cos() are within three places of the engine's", () => {
  for (const u of numbers("sin() and cos()")) {
    for (const angle of [u, -u, 10 * u, -1000 * u, 1e6 * u]) {
      assert(places(sin(angle), Math.sin(angle)) <= 3, `sin(${angle}) = ${sin(angle)}`);
      assert(places(cos(angle), Math.cos(angle)) <= 3, `cos(${angle}) = ${cos(angle)}`);
    }
  }
});

Deno.test("sin() and cos() handle multiples of a quarter turn, huge angles, NaN and infinities", () => {
  for (let quarter = -9; quarter <= 9; quarter++) {
    const angle = quarter * Math.PI / 2;
    assert(places(sin(angle), Math.sin(angle)) <= 1, `sin(${angle}) = ${sin(angle)}`);
    assert(places(cos(angle), Math.cos(angle)) <= 1, `cos(${angle}) = ${cos(angle)}`);
  }
  assertEquals([sin(0), sin(-0) === 0, cos(0), cos(-0)], [0, true, 1, 1]);
  for (const angle of [1e7, -1e15, 1e300]) {
    assert(Math.abs(sin(angle) ** 2 + cos(angle) ** 2 - 1) < 1e-14, `at ${angle}`);
  }
  for (const angle of [NaN, Infinity, -Infinity]) {
    assertEquals([sin(angle), cos(angle)], [NaN, NaN]);
  }
});

Deno.test("sinOfTurns() and cosOfTurns() are exact at quarter turns and close elsewhere", () => {
  const exact = [0, 0.25, 0.5, 0.75, 1];
  assertEquals(exact.map((turns) => sinOfTurns(turns) + 0), [0, 1, 0, -1, 0]);
  assertEquals(exact.map((turns) => cosOfTurns(turns) + 0), [1, 0, -1, 0, 1]);
  for (const u of numbers("sinOfTurns() and cosOfTurns()")) {
    assert(Math.abs(sinOfTurns(u) - Math.sin(2 * Math.PI * u)) < 1e-15, `sinOfTurns(${u})`);
    assert(Math.abs(cosOfTurns(u) - Math.cos(2 * Math.PI * u)) < 1e-15, `cosOfTurns(${u})`);
  }
});

Deno.test("log() is within three places of the engine's", () => {
  for (const u of numbers("log()")) {
    for (const x of [u, 1 + u, 1 - u / 8, u * 1e-300, u * 1e300, 2 ** -1022]) {
      assert(places(log(x), Math.log(x)) <= 3, `log(${x}) = ${log(x)}`);
    }
  }
  assertEquals(log(1), 0);
});
