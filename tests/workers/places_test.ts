import { assertEquals } from "@std/assert/equals.js";
import { isSource, isTarget, namesOf, SOURCES, TARGETS } from "../../workers/places.ts";
import names from "../fixtures/places/names.json" with { type: "json" };

Deno.test("isSource() knows what the extension reads", () => {
  const told = Object.keys(names.sources).map((name) => [name, isSource(name)]);
  assertEquals(Object.fromEntries(told), names.sources);
});

Deno.test("isTarget() knows what the extension writes, for an output that is no part of anything", () => {
  const told = Object.keys(names.targets).map((name) => [name, isTarget(name, "result")]);
  assertEquals(Object.fromEntries(told), names.targets);
});

Deno.test("isTarget() takes the name of an output for the part that it is", () => {
  assertEquals(isTarget("objects.new", "points"), true);
  assertEquals(isTarget("mesh.copy", "points"), true);
});

Deno.test("namesOf() tells where a name must follow", () => {
  assertEquals(namesOf(SOURCES).filter((name) => name.includes("NAME")), [
    "attribute:NAME",
    "vertex_group:NAME",
  ]);
  assertEquals(namesOf(TARGETS).filter((name) => name.includes("NAME")), ["attribute:NAME"]);
});
