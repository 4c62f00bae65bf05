import { type DType, elementCount } from "../../workers/array.ts";
import type { CatalogueEntry } from "../../workers/catalogue.ts";
import { OutboardError } from "../../workers/errors.ts";
import { formatValue } from "../../workers/issues.ts";
import type { InputSpec } from "../../workers/operation.ts";
import type { PlainArray } from "../../workers/plain_outputs.ts";
import {
  acceptedDtypes,
  acceptedShapes,
  bindShape,
  type Dimensions,
} from "../../workers/shapes.ts";
import type { SlotPlace } from "../lane/session_lane.ts";
import type { Limits } from "../limits.ts";
import { mismatch } from "../mismatch.ts";
import { firstMisfit, plainShape } from "../wire/plain_array.ts";
import { shorten } from "../wording.ts";
import { DECLARATION, isDeclaration } from "./declaration.ts";

export interface PlannedInput {
  name: string;
  dtype: DType;
  shape: readonly number[];
  /** Where its numbers are: in binary frames to come, in a slot of the lane, or here. */
  from: { id: number } | { lane: SlotPlace } | { plain: PlainArray };
}

/** An empty list says nothing of the sizes behind it: they are the declaration's. */
function emptyShape(spec: InputSpec, dimensions: Dimensions): number[] {
  const shape = acceptedShapes(spec).find(([first]) => typeof first === "string") ?? [0];
  return shape.map((dimension, axis) => {
    if (axis === 0) return 0;
    return typeof dimension === "number" ? dimension : dimensions[dimension] ?? 0;
  });
}

/** @throws {OutboardError} INVALID_DTYPE when the input does not take `dtype` */
function acceptDtype(operation: string, name: string, spec: InputSpec, dtype: string): DType {
  const accepted = acceptedDtypes(spec);
  const found = accepted.find((each) => each === dtype);
  if (found !== undefined) return found;
  const came = shorten(dtype);
  throw new OutboardError(
    "INVALID_DTYPE",
    `Cannot run '${operation}': '${name}' must be ${accepted.join(" or ")}, got ${came}`,
    { input: name, wanted: accepted, came },
  );
}

function planInput(
  operation: string,
  name: string,
  spec: InputSpec,
  value: unknown,
  { limits, dimensions }: { limits: Limits; dimensions: Dimensions },
): PlannedInput {
  if (isDeclaration(value)) {
    const parsed = DECLARATION.safeParse(value);
    if (!parsed.success) {
      const action = `Cannot run '${operation}': the declaration of '${name}' is wrong`;
      throw mismatch("INVALID_ARRAY", action, { value, error: parsed.error, input: name });
    }
    const { id, dtype, shape, lane } = parsed.data.$array;
    const from = lane === undefined ? { id } : { lane };
    return { name, dtype: acceptDtype(operation, name, spec, dtype), shape, from };
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
  const misfit = firstMisfit(value as PlainArray, dtype);
  if (misfit !== undefined) {
    throw new OutboardError(
      "INVALID_VALUE",
      `Cannot run '${operation}': '${name}' is ${dtype}, which cannot hold ${misfit}`,
      { input: name, wanted: dtype, came: misfit },
    );
  }
  const sizes = shape.length === 1 && shape[0] === 0 ? emptyShape(spec, dimensions) : shape;
  return { name, dtype, shape: sizes, from: { plain: value as PlainArray } };
}

/**
 * Checks the inputs of a request: all there, none unknown, types and shapes as declared.
 *
 * @throws {OutboardError} INVALID_ARRAY, INVALID_DTYPE, INVALID_SHAPE, INVALID_VALUE or TOO_LARGE
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
      `Cannot run '${entry.name}': it takes no input '${shorten(name)}', ` +
        (names.length === 0 ? "it takes none" : `wanted ${names.join(", ")}`),
      { input: shorten(name) },
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
    const input = planInput(entry.name, name, spec, value, { limits, dimensions });
    bindShape(entry.name, name, spec, input.shape, dimensions, boundBy);
    return [input];
  });
}
