/** What the test of an operation imports: `import { runOperation } from "outboard/testing"`. */
import { z } from "zod";
import {
  type ArrayOf,
  type ArrayRef,
  byteLength,
  type DType,
  elementCount,
  elementsOf,
  formatShape,
  toNdarray,
} from "./array.ts";
import { cancelSignal } from "./cancel_signal.ts";
import { OutboardError } from "./errors.ts";
import type { Slice } from "./messages.ts";
import type {
  AnyOperation,
  InputDtype,
  InputSpec,
  InputSpecs,
  Operation,
  OutputDtype,
  OutputSpecs,
} from "./operation.ts";
import { parseParams, runSlice } from "./run_slice.ts";
import {
  acceptedDtypes,
  acceptedShapes,
  bindShape,
  type Dimensions,
  knownShape,
  outputDtype,
} from "./shapes.ts";

/** `[[0, 0, 0], [1, 1, 1]]` */
export type Nested = readonly (number | Nested)[];

/**
 * An input as a test gives it: nested lists, or flat elements with their shape. The type is the first that the operation
 * accepts, unless `dtype` names another.
 */
export type Given<Type extends DType = DType> =
  | Nested
  | { readonly shape: readonly number[]; readonly data: ArrayLike<number>; readonly dtype?: Type };

type Optional<Inputs extends InputSpecs> = {
  [Name in keyof Inputs]: Inputs[Name]["optional"] extends true ? Name : never;
}[keyof Inputs];

export type GivenInputs<Inputs extends InputSpecs> =
  & { [Name in Exclude<keyof Inputs, Optional<Inputs>>]: Given<InputDtype<Inputs[Name]>> }
  & { [Name in Optional<Inputs>]?: Given<InputDtype<Inputs[Name]>> };

export interface RunOptions<Schema extends z.ZodObject, Inputs extends InputSpecs> {
  /** As a request sends them: what has a default may be left out. What the server draws is 1. */
  params?: z.input<Schema>;
  inputs: GivenInputs<Inputs>;
  /** Runs the operation in this many parts of its `split` dimension, one after the other. @default {1} */
  parts?: number;
}

export interface Ran<
  Schema extends z.ZodObject,
  Inputs extends InputSpecs,
  Outputs extends OutputSpecs,
> {
  outputs: { [Name in keyof Outputs]: ArrayOf<OutputDtype<Outputs[Name], Inputs>> };
  /** As the run got them, defaults filled in. */
  params: z.output<Schema>;
  /** Every report, in its order; a server passes on at most ten a second. */
  progress: { fraction: number; message?: string }[];
}

/** The server's limit unless a flag sets another. */
const MAX_ARRAY_BYTES = 256 * 2 ** 20;

/** What is not written must show where an operation asks for memory that is not zeroed. */
const UNWRITTEN = 77;

function shapeOf(spec: InputSpec, nested: Nested): number[] {
  if (nested.length === 0) {
    // An empty list says nothing of the sizes behind it.
    const shape = acceptedShapes(spec).find(([first]) => typeof first === "string") ?? [0];
    return shape.map((size, axis) => axis > 0 && typeof size === "number" ? size : 0);
  }
  const shape: number[] = [];
  for (let level: Nested | number | undefined = nested; typeof level === "object";) {
    shape.push(level.length);
    level = level[0];
  }
  return shape;
}

/** The numbers in nested lists of this shape; nothing where the lists are uneven. */
function numbersOf(nested: Nested, shape: readonly number[]): number[] {
  const numbers: number[] = [];
  const collect = (item: number | Nested, depth: number): boolean => {
    if (typeof item === "number") return depth === shape.length && numbers.push(item) > 0;
    return item.length === shape[depth] && item.every((inner) => collect(inner, depth + 1));
  };
  return nested.length === 0 || collect(nested, 0) ? numbers : [];
}

function toRef(title: string, name: string, spec: InputSpec, given: Given): ArrayRef {
  const refuse = (reason: string): never => {
    throw new OutboardError("INVALID_ARRAY", `Cannot run '${title}': '${name}' ${reason}`);
  };
  const isNested = (value: Given): value is Nested => Array.isArray(value);
  const accepted = acceptedDtypes(spec);
  const shape = isNested(given) ? shapeOf(spec, given) : given.shape;
  const data = isNested(given) ? numbersOf(given, shape) : given.data;
  const dtype = (isNested(given) ? undefined : given.dtype) ?? accepted[0] as DType;
  if (!accepted.includes(dtype)) refuse(`must be ${accepted.join(" or ")}, got ${dtype}`);
  if (data.length !== elementCount(shape)) {
    refuse(
      isNested(given)
        ? "must be lists of equal length, got uneven ones"
        : `has ${data.length} numbers, which do not fill the shape ${formatShape(shape)}`,
    );
  }
  const buffer = new SharedArrayBuffer(byteLength(dtype, shape));
  const ref = { buffer, byteOffset: 0, dtype, shape };
  elementsOf(ref).set(data);
  return ref;
}

function toRefs(operation: AnyOperation, given: Record<string, Given | undefined>) {
  const { title, inputs } = operation;
  const refs: Record<string, ArrayRef> = {};
  for (const name of Object.keys(given)) {
    if (name in inputs) continue;
    throw new OutboardError("INVALID_ARRAY", `Cannot run '${title}': it has no input '${name}'`);
  }
  for (const [name, spec] of Object.entries<InputSpec>(inputs)) {
    const value = given[name];
    if (value !== undefined) refs[name] = toRef(title, name, spec, value);
    else if (!spec.optional) {
      throw new OutboardError("INVALID_ARRAY", `Cannot run '${title}': '${name}' is missing`);
    }
  }
  return refs;
}

/** The parameters as the server hands them to a thread: checked by the JSON Schema, defaults and draws filled in. */
function requestParams({ title, params }: AnyOperation, given: Record<string, unknown>) {
  const schema = z.toJSONSchema(params, { io: "input" });
  const parsed = parseParams(z.fromJSONSchema(schema) as z.ZodObject, title, given);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if ((property as { outboard?: { drawn?: true } }).outboard?.drawn) parsed[name] ??= 1;
  }
  return parsed;
}

function dimensionsOf(
  { title, inputs }: AnyOperation,
  params: Record<string, unknown>,
  refs: Record<string, ArrayRef>,
): Dimensions {
  const dimensions: Dimensions = {};
  const boundBy: Record<string, string> = {};
  for (const [name, value] of Object.entries(params)) {
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0) continue;
    dimensions[name] = value;
    boundBy[name] = `params.${name}`;
  }
  for (const [name, { shape }] of Object.entries(refs)) {
    bindShape(title, name, inputs[name], shape, dimensions, boundBy);
  }
  return dimensions;
}

/** The outputs whose shape is known before the run. */
function knownOutputs(
  operation: AnyOperation,
  { params, inputs, dimensions }: Pick<Slice, "params" | "inputs" | "dimensions">,
): Record<string, ArrayRef> {
  const outputs: Record<string, ArrayRef> = {};
  for (const [name, spec] of Object.entries<OutputSpecs[string]>(operation.outputs)) {
    const shape = knownShape(spec.shape, dimensions);
    if (shape === undefined) continue;
    const dtype = outputDtype(spec, params, inputs);
    const buffer = new SharedArrayBuffer(byteLength(dtype, shape));
    const ref = { buffer, byteOffset: 0, dtype, shape };
    if (spec.zeroed === false) elementsOf(ref).fill(UNWRITTEN);
    outputs[name] = ref;
  }
  return outputs;
}

/**
 * Runs an operation on this thread as a server would: parameters by its schema, shapes and types as declared, arrays in
 * shared memory. What the operation throws comes out as it is.
 *
 * @throws {OutboardError} INVALID_PARAMS, INVALID_ARRAY, INVALID_SHAPE or INVALID_VALUE, as a user would see it
 */
export async function runOperation<
  Schema extends z.ZodObject,
  const Inputs extends InputSpecs,
  const Outputs extends OutputSpecs,
>(
  operation: Operation<Schema, Inputs, Outputs>,
  { params: given = {} as z.input<Schema>, inputs, parts = 1 }: RunOptions<Schema, Inputs>,
): Promise<Ran<Schema, Inputs, Outputs>> {
  const params = requestParams(operation, given);
  const refs = toRefs(operation, inputs);
  const dimensions = dimensionsOf(operation, params, refs);
  const outputs = knownOutputs(operation, { params, inputs: refs, dimensions });
  const size = dimensions[operation.split ?? ""] ?? 0;
  const progress: { fraction: number; message?: string }[] = [];
  for (let part = 0; part < parts; part++) {
    const { allocated } = await runSlice(
      operation,
      {
        module: "",
        name: operation.title,
        params,
        inputs: refs,
        outputs,
        dimensions,
        range: {
          start: Math.floor(size * part / parts),
          end: Math.floor(size * (part + 1) / parts),
        },
        maxArrayBytes: MAX_ARRAY_BYTES,
      },
      {
        signal: cancelSignal(new Int32Array(1)),
        report: (fraction, message) =>
          progress.push({
            fraction: (part + fraction) / parts,
            ...(message === undefined ? {} : { message }),
          }),
        intervalMs: 0,
      },
    );
    Object.assign(outputs, allocated);
  }
  const arrays = Object.entries(outputs).map(([name, ref]) => [name, toNdarray(ref)]);
  return {
    outputs: Object.fromEntries(arrays),
    params: parseParams(operation.params, operation.title, params) as z.output<Schema>,
    progress,
  };
}
