import { z } from "zod";
import { DTYPES } from "./array.ts";
import { formatIssues, toIssues } from "./issues.ts";
import { amongst } from "./nearest_name.ts";
import { type AnyOperation, type InputSpec, KINDS, type OutputSpec } from "./operation.ts";
import { parameterFaults } from "./parameter_faults.ts";
import { isSource, isTarget, namesOf, SOURCES, TARGETS } from "./places.ts";
import { acceptedShapes } from "./shapes.ts";

type Schema = z.core.JSONSchema.JSONSchema;

const TEXT = z.string().min(1);
const DTYPE = z.enum(Object.keys(DTYPES));
const LIKE = z.strictObject({ like: TEXT });
const PARAM = z.strictObject({ param: TEXT });
/** In words of its own: of three branches zod would complain of one that was not meant. */
const OUTPUT_DTYPE = z.unknown().refine(
  (dtype) => [DTYPE, LIKE, PARAM].some((branch) => branch.safeParse(dtype).success),
  `${Object.keys(DTYPES).join(", ")}, { like: INPUT } or { param: PARAMETER }`,
);
const SHAPE = z.array(z.union([z.int().min(0), z.string().min(1)])).max(8);

/** What the compiler checks in an editor, for files that were saved without one. */
const DECLARATION = z.strictObject({
  title: TEXT,
  description: TEXT,
  category: TEXT.optional(),
  inputs: z.record(
    TEXT,
    z.strictObject({
      kind: z.enum(KINDS),
      dtype: z.union([DTYPE, z.array(DTYPE).min(1)]),
      shape: z.union([SHAPE, z.array(SHAPE).min(1)]),
      description: TEXT.optional(),
      optional: z.boolean().optional(),
      finite: z.boolean().optional(),
      source: TEXT.optional(),
    }),
  ),
  outputs: z.record(
    TEXT,
    z.strictObject({
      kind: z.enum(KINDS),
      dtype: OUTPUT_DTYPE,
      shape: SHAPE,
      description: TEXT.optional(),
      zeroed: z.boolean().optional(),
      target: TEXT.optional(),
    }),
  ),
  // These two are looked at by themselves.
  params: z.unknown(),
  run: z.unknown(),
  split: TEXT.optional(),
  rowwise: z.boolean().optional(),
  permissions: z.strictObject({
    net: z.array(TEXT).optional(),
    read: z.array(TEXT).optional(),
  }).optional(),
});

function defaultFaults(properties: Record<string, Schema>): string[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    if (property.default === undefined) return [];
    const parsed = z.fromJSONSchema(property).safeParse(property.default);
    if (parsed.success) return [];
    const issues = formatIssues(toIssues(property.default, parsed.error));
    return [`The default of the parameter '${name}' is not one of its values: ${issues}`];
  });
}

/** The dimensions that are known before the run: those of the inputs, and the integer parameters. */
function knownDimensions(
  { inputs }: AnyOperation,
  properties: Record<string, Schema>,
): (string | number)[] {
  const integers = Object.keys(properties).filter((name) => properties[name]?.type === "integer");
  const shapes = Object.values(inputs).flatMap((spec) => acceptedShapes(spec as never));
  return [...integers, ...shapes.flat()];
}

/** Sources and targets that there are not. */
function placeFaults({ inputs, outputs }: AnyOperation): string[] {
  const faults: string[] = [];
  for (const [name, { source }] of Object.entries(inputs as Record<string, InputSpec>)) {
    if (source === undefined || isSource(source)) continue;
    const known = amongst(source, namesOf(SOURCES));
    faults.push(`The input '${name}' comes from '${source}', which is no source: ${known}`);
  }
  for (const [name, { target }] of Object.entries(outputs as Record<string, OutputSpec>)) {
    if (target === undefined || isTarget(target, name)) continue;
    const known = amongst(target, namesOf(TARGETS));
    faults.push(`The output '${name}' goes to '${target}', which is no target: ${known}`);
  }
  return faults;
}

/** What is wrong with a declaration, in sentences. `params` is the JSON Schema of the operation's parameters. */
export function declarationFaults(operation: AnyOperation, params: Schema): string[] {
  const checked = DECLARATION.safeParse(operation);
  if (!checked.success) {
    return [`The declaration is wrong: ${formatIssues(toIssues(operation, checked.error))}`];
  }
  const properties = (params.properties ?? {}) as Record<string, Schema>;
  const faults = [
    ...defaultFaults(properties),
    ...parameterFaults(params),
    ...placeFaults(operation),
  ];
  for (const [name, { dtype }] of Object.entries(operation.outputs as Record<string, OutputSpec>)) {
    if (typeof dtype === "string") continue;
    const [what, other, known] = "like" in dtype
      ? ["input", dtype.like, operation.inputs] as const
      : ["parameter", dtype.param, properties] as const;
    if (other in known) continue;
    faults.push(`The output '${name}' has the type of the ${what} '${other}', which there is not`);
  }
  const { split } = operation;
  if (split !== undefined && !knownDimensions(operation, properties).includes(split)) {
    faults.push(
      `The dimension '${split}' that jobs are split along is not that of an input or an integer parameter`,
    );
  }
  return faults;
}
