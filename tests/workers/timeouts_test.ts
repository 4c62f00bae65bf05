import { assertEquals } from "@std/assert/equals.js";
import { Timeouts } from "../../workers/timeouts.ts";
import { FakeClock } from "../handlers/fake_clock.ts";

Deno.test("Timeouts.add() does each thing at its time, on one timer", () => {
  using clock = new FakeClock();
  const timeouts = new Timeouts();
  const done: string[] = [];
  timeouts.add(300, () => done.push("300"));
  timeouts.add(100, () => done.push("100"));
  timeouts.add(200, () => done.push("200")).clear();
  timeouts.add(300, () => done.push("300 too"));
  assertEquals(clock.pending, 1);
  clock.advance(99);
  assertEquals(done, []);
  clock.advance(1);
  assertEquals(done, ["100"]);
  clock.advance(100);
  timeouts.add(50, () => done.push("250"));
  clock.advance(50);
  assertEquals(done, ["100", "250"]);
  clock.advance(50);
  assertEquals(done, ["100", "250", "300", "300 too"]);
  assertEquals(clock.pending, 0);
});

Deno.test("Timeouts.add() does at once what should have been done before", () => {
  using clock = new FakeClock();
  const timeouts = new Timeouts();
  const done: string[] = [];
  timeouts.add(-1, () => done.push("late"));
  clock.advance(0);
  assertEquals(done, ["late"]);
});

Deno.test("Timeouts.clear() leaves no timer behind", () => {
  using clock = new FakeClock();
  const timeouts = new Timeouts();
  timeouts.add(10, () => assertEquals("never", "called"));
  timeouts.clear();
  assertEquals(clock.pending, 0);
  clock.advance(20);
});
