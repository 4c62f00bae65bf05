import { assertEquals } from "@std/assert/equals.js";
import { Coverage } from "../../../handlers/wire/coverage.ts";
import { Random } from "../random.ts";

Deno.test("Coverage is complete when every byte has come, once", () => {
  const coverage = new Coverage(10);
  assertEquals(coverage.complete, false);
  assertEquals(coverage.add(0, 4), undefined);
  assertEquals(coverage.add(6, 10), undefined);
  assertEquals(coverage.complete, false);
  assertEquals(coverage.add(4, 6), undefined);
  assertEquals(coverage.complete, true);
});

Deno.test("Coverage of no bytes is complete from the start", () => {
  assertEquals(new Coverage(0).complete, true);
});

Deno.test("Coverage refuses bytes beyond the end and bytes that came before", () => {
  const coverage = new Coverage(10);
  assertEquals(coverage.add(9, 11), "it ends at byte 11 of 10");
  coverage.add(4, 6);
  for (const [start, end] of [[4, 6], [3, 5], [5, 7], [0, 10], [4, 5], [5, 6]] as const) {
    assertEquals(coverage.add(start, end), `bytes ${start} to ${end} overlap what came before`);
  }
  assertEquals(coverage.add(0, 4), undefined);
  assertEquals(coverage.add(6, 10), undefined);
  assertEquals(coverage.complete, true);
});

Deno.test("Coverage refuses to keep books on thousands of holes", () => {
  const coverage = new Coverage(10_000);
  let faults = 0;
  for (let at = 1; at < 10_000; at += 2) {
    if (coverage.add(at, at + 1) === "it leaves more than 1024 holes") faults++;
  }
  assertEquals(faults, 5000 - 1024);
  assertEquals(coverage.add(0, 1), undefined, "a chunk that closes a hole is still taken");
});

Deno.test("Coverage agrees with a list of flags on random chunks", async (test) => {
  const random = Random.fromClock();
  await test.step(`seed ${random.seed}`, () => {
    for (let round = 0; round < 300; round++) {
      const size = random.below(40);
      const coverage = new Coverage(size);
      const flags = new Array(size).fill(false);
      for (let turn = 0; turn < 60; turn++) {
        const start = random.below(size + 3);
        const end = start + 1 + random.below(6);
        const fits = end <= size && !flags.slice(start, end).includes(true);
        assertEquals(coverage.add(start, end) === undefined, fits);
        if (fits) flags.fill(true, start, end);
        assertEquals(coverage.complete, !flags.includes(false));
      }
    }
  });
});
