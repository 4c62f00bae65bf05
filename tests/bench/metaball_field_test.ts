import { assertAlmostEquals } from "@std/assert/almost_equals.js";
import { runOperation } from "outboard/testing";
import { Random } from "../handlers/random.ts";
import metaballField from "./operations/metaball_field.ts";

const SEED = 20261124;

Deno.test(`metaball_field sums (radius / distance)^2 over the balls, for any number of points (seed ${SEED})`, async () => {
  const random = new Random(SEED);
  const triple = () => [0, 0, 0].map(() => random.below(1000) / 1000);
  const centers = Array.from({ length: 3 }, () => triple().map((x) => x + 2));
  const radii = [0.5, 1, 2];
  for (const count of [0, 1, 2, 5]) {
    const points = Array.from({ length: count }, triple);
    const { outputs } = await runOperation(metaballField, { inputs: { points, centers, radii } });
    for (const [row, point] of points.entries()) {
      const expected = radii.reduce((sum, radius, ball) => {
        const apart = Math.hypot(...point.map((x, axis) => x - centers[ball]![axis]!));
        return sum + (radius / apart) ** 2;
      }, 0);
      assertAlmostEquals(outputs.field.data[row]!, expected, 1e-5 * expected);
    }
  }
});
