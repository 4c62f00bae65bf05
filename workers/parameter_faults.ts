import { z } from "zod";
import { formatIssues, toIssues } from "./issues.ts";
import { amongst } from "./nearest_name.ts";

type Schema = z.core.JSONSchema.JSONSchema;

const UNITS = z.enum(["length", "angle", "time", "factor"]);
const SUBTYPES = z.enum(["color", "euler", "translation", "direction", "xyz", "file", "matrix"]);

/** `ParamMeta`, for files that were saved without a compiler; keys that it does not know are told by name. */
const FACTS = z.object({
  unit: UNITS.optional(),
  subtype: SUBTYPES.optional(),
  step: z.number().positive().optional(),
  softMin: z.number().optional(),
  softMax: z.number().optional(),
  precision: z.int().min(0).optional(),
  drawn: z.literal(true).optional(),
  items: z.record(
    z.string(),
    z.strictObject({ title: z.string(), description: z.string().optional() }),
  ).optional(),
});
type Facts = z.infer<typeof FACTS>;

const KEYS = Object.keys(FACTS.shape);
/** Keys that say nothing where they stand beside `outboard`; JSON Schema has an `items` of its own. */
const MISPLACED = KEYS.filter((key) => key !== "items");

/** Every schema within `schema`, itself included, with its path: `box.size`. */
function* within(schema: Schema, path: string): Generator<[path: string, schema: Schema]> {
  yield [path, schema];
  const inner = (name: string): string => path === "" ? name : `${path}.${name}`;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    yield* within(property as Schema, inner(name));
  }
  const { items, additionalProperties, prefixItems, anyOf, oneOf } = schema;
  for (const each of [items, additionalProperties, prefixItems, anyOf, oneOf].flat()) {
    if (typeof each === "object") yield* within(each, path);
  }
  for (const [name, definition] of Object.entries(schema.$defs ?? {})) {
    yield* within(definition, name);
  }
}

/** The schema itself and what it is a list or a choice of. */
function parts(schema: Schema): Schema[] {
  const { items, prefixItems, anyOf, oneOf } = schema;
  const inner = [items, prefixItems, anyOf, oneOf].flat();
  return [schema, ...inner.filter((each) => typeof each === "object")];
}

/** The hard range of a number, or of the numbers in a list. */
function rangeOf(schema: Schema): { min: number; max: number } {
  const numbers = parts(schema).filter(({ type }) => type === "number" || type === "integer");
  if (numbers.length === 0) return { min: -Infinity, max: Infinity };
  const lows = numbers.map((each) => Number(each.minimum ?? each.exclusiveMinimum ?? -Infinity));
  const highs = numbers.map((each) => Number(each.maximum ?? each.exclusiveMaximum ?? Infinity));
  return { min: Math.min(...lows), max: Math.max(...highs) };
}

/** The constants that the panel lists for a choice. */
function choicesOf(schema: Schema): string[] {
  const all = parts(schema).flatMap((part) => [
    part,
    ...Object.values(part.properties ?? {}).filter((property) => typeof property === "object"),
  ]);
  const constants = all.flatMap((part) =>
    part.const === undefined ? part.enum ?? [] : [part.const]
  );
  return constants.map(String);
}

function* rangeFaults({ softMin, softMax }: Facts, schema: Schema): Generator<string> {
  const { min, max } = rangeOf(schema);
  if (softMin !== undefined && softMin < min) yield `softMin ${softMin} is below min ${min}`;
  if (softMax !== undefined && softMax > max) yield `softMax ${softMax} is above max ${max}`;
  if ((softMin ?? -Infinity) > (softMax ?? Infinity)) {
    yield `softMin ${softMin} is above softMax ${softMax}`;
  }
}

/** What is wrong with the facts under `outboard`. */
function* factFaults(schema: Schema): Generator<string> {
  for (const key of MISPLACED) {
    if (Object.hasOwn(schema, key)) yield `'${key}' must stand within .meta({ outboard: { … } })`;
  }
  const { outboard = {} } = schema;
  const parsed = FACTS.safeParse(outboard);
  if (!parsed.success) {
    return yield formatIssues(toIssues({ outboard }, parsed.error, ["outboard"]));
  }
  for (const key of Object.keys(outboard as object)) {
    if (!KEYS.includes(key)) yield `'outboard' has no key '${key}': ${amongst(key, KEYS)}`;
  }
  yield* rangeFaults(parsed.data, schema);
  const choices = choicesOf(schema);
  for (const item of Object.keys(parsed.data.items ?? {})) {
    if (choices.includes(item)) continue;
    yield `'items' tells of '${item}', which is none of its values: ${amongst(item, choices)}`;
  }
}

/**
 * What is wrong with parameters beside their defaults, in sentences: objects that would take any key, and facts for the
 * panel that it would pass over in silence.
 *
 * @param params The JSON Schema of the parameters
 */
export function parameterFaults(params: Schema): string[] {
  const faults: string[] = [];
  for (const [path, schema] of within(params, "")) {
    const what = path === "" ? "The parameters" : `The parameter '${path}'`;
    if (schema.properties !== undefined && schema.additionalProperties === undefined) {
      faults.push(`${what} would take keys that are not declared: use z.strictObject`);
    }
    for (const fault of factFaults(schema)) faults.push(`${what}: ${fault}`);
  }
  return faults;
}
