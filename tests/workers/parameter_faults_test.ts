import { assertEquals } from "@std/assert/equals.js";
import { z } from "zod";
import { parameterFaults } from "../../workers/parameter_faults.ts";

function faultsOf(shape: z.ZodRawShape): string[] {
  return parameterFaults(z.toJSONSchema(z.strictObject(shape), { io: "input" }));
}

const branches = [
  z.strictObject({ kind: z.literal("ball"), radius: z.number() }),
  z.strictObject({ kind: z.literal("box") }),
] as const;

Deno.test("parameterFaults() finds nothing wrong with facts that the panel knows", () => {
  assertEquals(
    faultsOf({
      a: z.number().min(0).max(9).meta({ outboard: { unit: "length", softMin: 0, softMax: 9 } }),
      b: z.enum(["x", "y"]).default("x").meta({ outboard: { items: { x: { title: "X" } } } }),
      c: z.tuple([z.number().max(1), z.number()]).meta({ outboard: { softMax: 5 } }),
      d: z.discriminatedUnion("kind", branches)
        .meta({ outboard: { items: { ball: { title: "Ball", description: "Round" } } } }),
      e: z.union([z.literal(1), z.literal(2)]).meta({ outboard: { items: { 1: { title: "A" } } } }),
      f: z.record(z.string(), z.number()),
      g: z.looseObject({ any: z.number() }),
      h: z.int().min(0).optional().meta({ outboard: { drawn: true } }),
      i: z.number().nullable().meta({ outboard: { step: 0.5, precision: 3, softMin: -1 } }),
    }),
    [],
  );
});

const FAULTS: [string, z.ZodRawShape, string][] = [
  [
    "an unknown unit",
    { a: z.number().meta({ outboard: { unit: "degrees" } }) },
    `'a': 'outboard.unit' must be one of "length", "angle", "time", "factor", got "degrees"`,
  ],
  [
    "an unknown key",
    { a: z.number().meta({ outboard: { softmin: 1 } }) },
    "'a': 'outboard' has no key 'softmin': did you mean 'softMin'? There are unit, subtype, step, " +
    "softMin, softMax, precision, drawn, items",
  ],
  [
    "facts that are none",
    { a: z.number().meta({ outboard: "length" }) },
    `'a': 'outboard' must be an object, got "length"`,
  ],
  [
    "facts in the wrong place",
    { a: z.number().meta({ unit: "length" }) },
    "'a': 'unit' must stand within .meta({ outboard: { … } })",
  ],
  [
    "a soft end beyond the hard one",
    { a: z.number().max(1).meta({ outboard: { softMax: 2 } }) },
    "'a': softMax 2 is above max 1",
  ],
  [
    "the same for the numbers of a list",
    { a: z.tuple([z.number().min(0), z.number().min(1)]).meta({ outboard: { softMin: -1 } }) },
    "'a': softMin -1 is below min 0",
  ],
  [
    "soft ends that are the wrong way round",
    { a: z.number().meta({ outboard: { softMin: 2, softMax: 1 } }) },
    "'a': softMin 2 is above softMax 1",
  ],
  [
    "items for what is no value",
    { a: z.enum(["round", "flat"]).meta({ outboard: { items: { rond: { title: "Round" } } } }) },
    "'a': 'items' tells of 'rond', which is none of its values: did you mean 'round'? There are round, flat",
  ],
  [
    "items without a title",
    { a: z.enum(["x"]).meta({ outboard: { items: { x: {} } } }) },
    "'a': 'outboard.items.x.title' must be a string, got nothing",
  ],
  [
    "an object within that takes any key",
    { a: z.strictObject({ b: z.array(z.object({ c: z.number() })) }) },
    "'a.b' would take keys that are not declared: use z.strictObject",
  ],
];

for (const [what, shape, fault] of FAULTS) {
  Deno.test(`parameterFaults() finds ${what}`, () => {
    assertEquals(faultsOf(shape), [`The parameter ${fault}`]);
  });
}

Deno.test("parameterFaults() finds parameters that take any key", () => {
  const params = z.toJSONSchema(z.object({ a: z.number() }), { io: "input" });
  assertEquals(parameterFaults(params), [
    "The parameters would take keys that are not declared: use z.strictObject",
  ]);
});
