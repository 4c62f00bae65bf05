import { assertEquals } from "@std/assert/equals.js";
import { Lookout } from "../../workers/lookout.ts";

Deno.test("Lookout.spots() looks again and again, and gives up for longer and longer when it is in vain", () => {
  const lookout = new Lookout(0);
  let looks = 0;
  const never = () => ++looks === 0;
  const tries = Array.from({ length: 12 }, () => {
    looks = 0;
    assertEquals(lookout.spots(never), false);
    return looks > 1;
  });
  const [yes, no] = [true, false];
  assertEquals(tries, [yes, no, yes, no, no, yes, no, no, no, no, yes, no]);
});

Deno.test("Lookout.spots() takes heart when what it looks out for comes", () => {
  const lookout = new Lookout(1000);
  let looks = 0;
  const third = () => ++looks % 3 === 0;
  for (let i = 0; i < 5; i++) assertEquals(lookout.spots(third), true);
  assertEquals(looks, 15);
});
