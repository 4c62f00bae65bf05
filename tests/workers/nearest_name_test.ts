import { assertEquals } from "@std/assert/equals.js";
import { amongst, nearestName } from "../../workers/nearest_name.ts";

const KNOWN = ["smooth_mesh", "simplify_mesh", "twist"];

Deno.test("nearestName() finds what was meant, and nothing where little fits", () => {
  for (
    const [name, nearest] of [
      ["smoth_mesh", "smooth_mesh"],
      ["smooth_mes", "smooth_mesh"],
      ["simplifymesh", "simplify_mesh"],
      ["twits", undefined],
      ["twst", "twist"],
      ["", undefined],
      ["boolean_meshes", undefined],
    ] as const
  ) {
    assertEquals(nearestName(name, KNOWN), nearest, name);
  }
});

Deno.test("amongst() lists what there is, the likeliest first", () => {
  assertEquals(
    amongst("twst", KNOWN),
    "did you mean 'twist'? There are smooth_mesh, simplify_mesh, twist",
  );
  assertEquals(amongst("x", ["a_long_name"]), "there are a_long_name");
  assertEquals(amongst("x", []), "there are none");
});
