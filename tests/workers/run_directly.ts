import {
  type ArrayRef,
  byteLength,
  type DType,
  elementsOf,
  toNdarray,
  type TypedArray,
} from "../../workers/array.ts";
import { OutboardError } from "../../workers/errors.ts";
import type { Operation } from "../../workers/operation.ts";
import { bindShape, type Dimensions, outputDtype, resolveShape } from "../../workers/shapes.ts";

export interface GivenArray {
  dtype: DType;
  shape: number[];
  data: ArrayLike<number>;
}

export interface RunOptions {
  params?: Record<string, unknown>;
  inputs?: Record<string, GivenArray>;
  /** How many parts the split dimension is cut into, each one run of its own; uneven ones. @default {1} */
  parts?: number;
  /** Cancels the run at this look at the cancel flag. */
  cancelAtLook?: number;
}

export interface RunResult {
  outputs: Record<string, { dtype: DType; shape: readonly number[]; data: TypedArray }>;
  progress: number[];
  /** How often the run looked at the cancel flag. */
  looks: number;
}

function share(given: GivenArray): ArrayRef {
  const { dtype, shape, data } = given;
  const buffer = new SharedArrayBuffer(byteLength(dtype, shape));
  const ref = { buffer, byteOffset: 0, dtype, shape };
  elementsOf(ref).set(data);
  return ref;
}

/** The bounds of `parts` parts of n rows, none a round number. */
export function unevenBounds(n: number, parts: number): number[] {
  return Array.from({ length: parts + 1 }, (_, k) => Math.round(n * (k / parts) ** 1.2));
}

function dimensionsOf(
  operation: Operation,
  params: Record<string, unknown>,
  refs: Record<string, ArrayRef>,
): Dimensions {
  const dimensions: Dimensions = {};
  for (const [name, value] of Object.entries(params)) {
    if (Number.isInteger(value)) dimensions[name] = value as number;
  }
  for (const [name, ref] of Object.entries(refs)) {
    const spec = operation.inputs[name];
    if (spec === undefined) throw new TypeError(`No such input: ${name}`);
    bindShape("operation", name, spec, ref.shape, dimensions, {});
  }
  return dimensions;
}

/** Runs an operation on this thread, without a pool: its true schema, its declared shapes and types, shared memory. */
export async function runDirectly(
  operation: Operation,
  { params = {}, inputs = {}, parts = 1, cancelAtLook = Infinity }: RunOptions,
): Promise<RunResult> {
  const parsed = operation.params.parse(params);
  const refs = Object.fromEntries(Object.entries(inputs).map(([name, x]) => [name, share(x)]));
  const dimensions = dimensionsOf(operation, parsed, refs);
  const outputs: Record<string, ArrayRef> = {};
  for (const [name, spec] of Object.entries(operation.outputs)) {
    const shape = resolveShape(spec.shape, dimensions);
    if (shape === undefined) continue;
    const dtype = outputDtype(spec, parsed, refs);
    // What is not written must show, where memory comes unzeroed.
    const count = shape.reduce((a, b) => a * b, 1);
    outputs[name] = share({
      dtype,
      shape,
      data: new Array(count).fill(spec.zeroed === false ? 77 : 0),
    });
  }
  const allocate = (name: string, given?: readonly number[]) => {
    if (outputs[name] === undefined) {
      const spec = operation.outputs[name];
      const shape = spec && resolveShape(spec.shape, dimensions, given);
      if (shape === undefined) throw new TypeError(`Cannot allocate ${name} as (${given})`);
      const dtype = outputDtype(spec!, parsed, refs);
      outputs[name] = share({ dtype, shape, data: [] });
    }
    return toNdarray(outputs[name]);
  };
  const progress: number[] = [];
  let looks = 0;
  const bounds = unevenBounds(dimensions[operation.split ?? ""] ?? 1, parts);
  for (let part = 0; part < parts; part++) {
    const run = operation.run({
      params: parsed,
      inputs: Object.fromEntries(Object.entries(refs).map(([name, ref]) => [name, toNdarray(ref)])),
      range: { start: bounds[part]!, end: bounds[part + 1]! },
      allocate,
      progress: (fraction) => progress.push(fraction),
      signal: {
        aborted: false,
        throwIfAborted: () => {
          if (++looks >= cancelAtLook) {
            throw new OutboardError("CANCELLED", "The job was cancelled");
          }
        },
      },
    });
    if (!run || !("next" in run)) await run;
    else {
      for (let step = await run.next(); !step.done; step = await run.next()) {
        const fraction = typeof step.value === "object" ? step.value.fraction : step.value;
        if (fraction !== undefined) progress.push(fraction);
      }
    }
  }
  for (const name of Object.keys(operation.outputs)) {
    if (outputs[name] === undefined) throw new TypeError(`Output ${name} was never allocated`);
  }
  return {
    progress,
    looks,
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, ref]) => [name, { ...ref, data: elementsOf(ref) }]),
    ),
  };
}

/** The bytes of an output as a string, for comparing and for messages of bearable length. */
export async function digest(data: TypedArray): Promise<string> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
