import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { ownEntries } from "./own_entries.ts";
import { parameterRows } from "./parameter_rows.ts";
import { caption, fingerprint, PICTURES, readMade } from "./pictures_made.ts";
import { PAGE, writtenPage } from "./written_page.ts";

const KB = 1000;
const MOST_BYTES = { one: 60 * KB, all: 400 * KB };
const PNG = [0x89, 0x50, 0x4e, 0x47];

Deno.test("docs/operations.md is what the catalogue says", async () => {
  const [wanted, came] = await Promise.all([writtenPage(), Deno.readTextFile(PAGE)]);
  assert(came.replaceAll("\r\n", "\n") === wanted, "it is out of date: run 'deno task docs'");
});

Deno.test("every operation has a picture of what it is now, and no other is there", async () => {
  const [entries, made] = await Promise.all([ownEntries(), readMade()]);
  const stale: string[] = [];
  for (const entry of entries) {
    if (made[entry.name] !== await fingerprint(entry)) stale.push(entry.name);
  }
  assertEquals(
    stale,
    [],
    "these have changed since their pictures were made: run 'OUTBOARD_BLENDER=blender " +
      `deno task pictures ${stale.join(" ")}', look at them, then 'deno task docs'`,
  );
  const names = entries.map(({ name }) => name).sort();
  assertEquals(Object.keys(made), names);
  const pictures = [...Deno.readDirSync(PICTURES)].map(({ name }) => name);
  assertEquals(pictures.sort(), [...names.map((name) => `${name}.png`), "made_of.json"].sort());
});

Deno.test("the pictures are small, and each says what it shows", async () => {
  let all = 0;
  for (const { name } of await ownEntries()) {
    const bytes = await Deno.readFile(new URL(`${name}.png`, PICTURES));
    assertEquals([...bytes.subarray(0, 4)], PNG, name);
    assert(bytes.length < MOST_BYTES.one, `${name} has ${bytes.length} bytes`);
    all += bytes.length;
    assert((await caption(name)).length > 20, `the recipe of ${name} does not say what it shows`);
  }
  assert(all < MOST_BYTES.all, `they have ${all} bytes together`);
});

Deno.test("fingerprint() changes with what an operation declares", async () => {
  const entry = (await ownEntries())[0]!;
  const other = { ...entry, params: { ...entry.params, title: "Other" } };
  assert(await fingerprint(entry) !== await fingerprint(other));
  assertEquals(
    await fingerprint(entry),
    await fingerprint({ ...entry, module: "elsewhere", rowwise: true }),
  );
});

Deno.test("parameterRows() tells ranges with units, defaults, choices and the kinds of unions", () => {
  const rows = parameterRows({
    properties: {
      slope: {
        ...{ type: "number", minimum: 0, maximum: Math.fround(Math.PI / 2) },
        ...{ default: Math.PI / 4, description: "Steepest", outboard: { unit: "angle" } },
      },
      size: {
        ...{ type: "number", minimum: 0, maximum: 1e9, default: 0.25, description: "Size" },
        outboard: { unit: "length", softMax: 10 },
      },
      seed: {
        ...{ type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
        outboard: { drawn: true },
      },
      move: {
        prefixItems: Array(3).fill({ type: "number", minimum: -5, maximum: 5 }),
        default: [0, 0, 1],
      },
      way: {
        ...{ enum: ["in", "out"], default: "in", description: "Which way" },
        outboard: { items: { in: { title: "In", description: "To the middle" } } },
      },
      spread: {
        default: { kind: "even" },
        oneOf: [{
          properties: { kind: { const: "even" }, flat: { type: "boolean", default: false } },
        }, { properties: { kind: { const: "none" } } }],
      },
    },
  });
  assertEquals(
    rows.map(({ name, of = "", values, preset, help }) => [name, of, values, preset, help]),
    [
      ["slope", "", "angle, 0° to 90°", "45°", "Steepest"],
      ["size", "", "length, 0 to 10 (typed, 0 to 1e9)", "0.25", "Size"],
      ["seed", "", "whole number, 0 or more", "drawn", ""],
      ["move", "", "3 numbers, -5 to 5", "0, 0, 1", ""],
      ["way", "", "`in`, `out`", "`in`", "Which way; `in`: to the middle"],
      ["spread", "", "`even`, `none`", "`even`", ""],
      ["spread.flat", "even", "yes or no", "no", ""],
    ],
  );
});
