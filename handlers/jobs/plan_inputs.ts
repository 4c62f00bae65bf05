import { type DType, elementCount } from "../../workers/array.ts";
import type { CatalogueEntry } from "../../workers/catalogue.ts";
import { OutboardError } from "../../workers/errors.ts";
import { formatIssues, formatValue, toIssues } from "../../workers/issues.ts";
import type { InputSpec } from "../../workers/operation.ts";
import {
  acceptedDtypes,
  acceptedShapes,
  bindShape,
  type Dimensions,
} from "../../workers/shapes.ts";
import type { Limits } from "../limits.ts";
import { type PlainArray, plainShape } from "../wire/plain_array.ts";
import { DECLARATION, isDeclaration } from "./declaration.ts";

export interface PlannedInput {
  name: string;
  dtype: DType;
  shape: readonly number[];
  /** Where its numbers are: in binary frames to come, or here. */
  from: { id: number } | { plain: PlainArray };
}

/** An empty list says nothing of the sizes behind it: they are the declaration's. */
function emptyShape(spec: InputSpec): number[] {
  const shape = acceptedShapes(spec).find(([first]) => typeof first === "string");
  return shape === undefined
    ? [0]
    : shape.map((dimension, axis) => axis === 0 ? 0 : Number(dimension));
}

function planInput(
  operation: string,
  name: string,
  spec: InputSpec,
  value: unknown,
  limits: Limits,
): PlannedInput {
  if (isDeclaration(value)) {
    const parsed = DECLARATION.safeParse(value);
    if (parsed.success) {
      const { id, dtype, shape } = parsed.data.$array;
      return { name, dtype, shape, from: { id } };
    }
    const issues = toIssues(value, parsed.error);
    throw new OutboardError(
      "INVALID_ARRAY",
      `Cannot run '${operation}': the declaration of '${name}' is wrong: ${formatIssues(issues)}`,
      { input: name, issues },
    );
  }
  const shape = plainShape(value);
  if (typeof shape === "string" || !Array.isArray(value)) {
    const fault = typeof shape === "string" ? shape : `wanted lists, got ${formatValue(value)}`;
    throw new OutboardError(
      "INVALID_ARRAY",
      `Cannot run '${operation}': '${name}' is no array of numbers: ${fault}`,
      { input: name },
    );
  }
  const numbers = elementCount(shape);
  if (numbers > limits.maxJsonNumbers) {
    throw new OutboardError(
      "TOO_LARGE",
      `Cannot run '${operation}': '${name}' has ${numbers} numbers as plain JSON, the limit is ` +
        `${limits.maxJsonNumbers}; send it in binary frames`,
      { input: name, limit: limits.maxJsonNumbers, came: numbers },
    );
  }
  const [dtype] = acceptedDtypes(spec) as [DType];
  const sizes = shape.length === 1 && shape[0] === 0 ? emptyShape(spec) : shape;
  return { name, dtype, shape: sizes, from: { plain: value as PlainArray } };
}

/**
 * Checks the inputs of a request: all there, none unknown, types and shapes as declared.
 *
 * @throws {OutboardError} INVALID_ARRAY, INVALID_DTYPE, INVALID_SHAPE or TOO_LARGE
 */
export function planInputs(
  entry: CatalogueEntry,
  given: Record<string, unknown>,
  { limits, dimensions, boundBy }: {
    limits: Limits;
    dimensions: Dimensions;
    boundBy: Record<string, string>;
  },
): PlannedInput[] {
  const names = Object.keys(entry.inputs);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw new OutboardError(
      "INVALID_ARRAY",
      `Cannot run '${entry.name}': it takes no input '${name}', ` +
        (names.length === 0 ? "it takes none" : `wanted ${names.join(", ")}`),
      { input: name },
    );
  }
  return Object.entries(entry.inputs).flatMap(([name, spec]) => {
    const value = given[name];
    if (value === undefined) {
      if (spec.optional) return [];
      throw new OutboardError(
        "INVALID_ARRAY",
        `Cannot run '${entry.name}': the input '${name}' is missing`,
        { input: name },
      );
    }
    const input = planInput(entry.name, name, spec, value, limits);
    const types = acceptedDtypes(spec);
    if (!types.includes(input.dtype)) {
      throw new OutboardError(
        "INVALID_DTYPE",
        `Cannot run '${entry.name}': '${name}' must be ${types.join(" or ")}, got ${input.dtype}`,
        { input: name, wanted: types, came: input.dtype },
      );
    }
    bindShape(entry.name, name, spec, input.shape, dimensions, boundBy);
    return [input];
  });
}
