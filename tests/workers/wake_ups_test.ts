import { assertEquals } from "@std/assert/equals.js";
import { setImmediate } from "node:timers";
import { WakeUps } from "../../workers/wake_ups.ts";

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

Deno.test("a thread is woken once for all that it is given in one turn", async () => {
  const woken: string[] = [];
  const [first, second] = ["first", "second"].map((name) => ({ wake: () => woken.push(name) }));
  const wakeUps = new WakeUps();
  for (const thread of [first!, second!, first!, first!]) wakeUps.add(thread);
  assertEquals(woken, []);
  await endOfTurn();
  assertEquals(woken, ["first", "second"]);
});

Deno.test("what is given while threads are woken is not forgotten", async () => {
  const woken: string[] = [];
  const wakeUps = new WakeUps();
  const late = { wake: () => woken.push("late") };
  wakeUps.add({
    wake: () => {
      woken.push("first");
      wakeUps.add(late);
    },
  });
  await endOfTurn();
  await endOfTurn();
  assertEquals(woken, ["first", "late"]);
});
