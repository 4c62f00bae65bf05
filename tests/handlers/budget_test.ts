import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import { OutboardError } from "../../workers/errors.ts";
import { Budget } from "../../handlers/budget.ts";
import { testLimits } from "./started_core.ts";

const budget = () => new Budget(testLimits({ maxSessionBytes: 100, maxTotalBytes: 150 }));

function codeOf(action: () => void): string {
  const error = assertThrows(action, OutboardError) as OutboardError;
  return error.code;
}

Deno.test("Budget.reserve() takes exactly the limit of a session and of all", () => {
  const bytes = budget();
  bytes.reserve("a", 100, "Cannot run", 1);
  bytes.reserve("b", 50, "Cannot run", 1);
  assertEquals(bytes.held, 150);
  bytes.reserve("c", 0, "Cannot run", 1);
});

Deno.test("Budget.reserve() tells never from not now, and then holds nothing more", () => {
  const bytes = budget();
  assertEquals(codeOf(() => bytes.reserve("a", 101, "Cannot run", 1)), "TOO_LARGE");
  bytes.reserve("a", 60, "Cannot run", 1);
  assertEquals(codeOf(() => bytes.reserve("a", 41, "Cannot run", 1)), "BUSY");
  bytes.reserve("b", 80, "Cannot run", 1);
  assertEquals(codeOf(() => bytes.reserve("c", 11, "Cannot run", 1)), "BUSY");
  assertEquals(bytes.held, 140);
});

Deno.test("Budget.release() gives back what was reserved and added", () => {
  const bytes = budget();
  bytes.reserve("a", 60, "Cannot run", 1);
  bytes.add("a", 70);
  assertEquals(bytes.held, 130);
  assertEquals(codeOf(() => bytes.reserve("a", 1, "Cannot run", 1)), "BUSY");
  bytes.release("a", 130);
  assertEquals(bytes.held, 0);
  bytes.reserve("a", 100, "Cannot run", 1);
});
