import { alignedByteLength, byteLength, type DType } from "../../workers/array.ts";
import type { CatalogueEntry } from "../../workers/catalogue.ts";
import { SPLIT_ABOVE } from "../../workers/constants.ts";
import { OutboardError } from "../../workers/errors.ts";
import type { Range } from "../../workers/messages.ts";
import { requirePlainSize } from "../../workers/plain_outputs.ts";
import { type Dimensions, knownShape, outputDtype } from "../../workers/shapes.ts";
import type { CompiledEntry } from "../catalogue.ts";
import type { Limits } from "../limits.ts";
import { mismatch } from "../mismatch.ts";
import { planInputs, type PlannedInput } from "./plan_inputs.ts";

export interface PlannedOutput {
  name: string;
  dtype: DType;
  shape: readonly number[];
  zeroed: boolean;
}

/** A job that has been checked as far as the main thread can: what it needs, before a byte is accepted. */
export interface Plan {
  entry: CatalogueEntry;
  /** As used: defaults and drawn seed filled in. */
  params: Record<string, unknown>;
  dimensions: Dimensions;
  inputs: PlannedInput[];
  /** The outputs whose shape is known before the run. */
  outputs: PlannedOutput[];
  ranges: Range[];
  /** Whether its slices may run and be sent as their rows come. */
  streams: boolean;
  /** Whether the outputs are answered as plain JSON. */
  json: boolean;
  /** Of all inputs and known outputs. */
  bytes: number;
  /** What they take in one block, each aligned. */
  roomBytes: number;
}

/** Of a job whose rows go as they are done: with more of them, waking threads costs more than going early saves. */
const PARTS_PER_THREAD = 2;

/** Blender's integers are 32 bits wide and signed: a drawn seed must fit into the field that shows it. */
const SEEDS = 2 ** 31;

function checkParams({ entry, schema, drawn }: CompiledEntry, given: Record<string, unknown>) {
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    throw mismatch("INVALID_PARAMS", `Cannot run '${entry.name}'`, {
      value: given,
      error: parsed.error,
    });
  }
  const params = parsed.data as Record<string, unknown>;
  for (const name of drawn) {
    params[name] ??= (crypto.getRandomValues(new Uint32Array(1))[0] as number) % SEEDS;
  }
  return params;
}

function planOutputs(
  entry: CatalogueEntry,
  params: Record<string, unknown>,
  inputs: readonly PlannedInput[],
  dimensions: Dimensions,
): PlannedOutput[] {
  const types = Object.fromEntries(inputs.map((input) => [input.name, input]));
  return Object.entries(entry.outputs).flatMap(([name, spec]) => {
    const shape = knownShape(spec.shape, dimensions);
    if (shape === undefined) return [];
    const dtype = outputDtype(spec, params, types);
    return [{ name, dtype, shape, zeroed: spec.zeroed ?? true }];
  });
}

function checkSizes(entry: CatalogueEntry, arrays: readonly PlannedOutput[], limits: Limits) {
  for (const { name, dtype, shape } of arrays) {
    const bytes = byteLength(dtype, shape);
    if (!(bytes <= limits.maxArrayBytes)) {
      throw new OutboardError(
        "TOO_LARGE",
        `Cannot run '${entry.name}': '${name}' takes ${bytes} bytes, ` +
          `the limit is ${limits.maxArrayBytes}`,
        { array: name, limit: limits.maxArrayBytes, came: bytes },
      );
    }
  }
}

/** Whether the job is one whose rows can be computed as they come, and sent as they are done. */
function streams(
  { entry: { rowwise, split, outputs }, inputs, json }: Pick<Plan, "entry" | "inputs" | "json">,
): boolean {
  return rowwise === true && !json && !inputs.some(({ from }) => "lane" in from) &&
    Object.values(outputs).every(({ shape: [first] }) => first === split);
}

/** In parts as equal as they come. */
function planRanges(size: number, parts: number): Range[] {
  return Array.from({ length: parts }, (_, part) => ({
    start: Math.floor(size * part / parts),
    end: Math.floor(size * (part + 1) / parts),
  }));
}

/**
 * Checks a request against the operation's declaration and the limits.
 *
 * @throws {OutboardError} INVALID_PARAMS, INVALID_ARRAY, INVALID_DTYPE, INVALID_SHAPE, INVALID_VALUE or TOO_LARGE
 */
export function planJob(
  compiled: CompiledEntry,
  request: { params: Record<string, unknown>; inputs: Record<string, unknown> },
  { limits, threads, json, partial }: {
    limits: Limits;
    threads: number;
    json: boolean;
    /** Whether rows may go as they are done. */
    partial: boolean;
  },
): Plan {
  const { entry } = compiled;
  const params = checkParams(compiled, request.params);
  const dimensions: Dimensions = {};
  const boundBy: Record<string, string> = {};
  for (const [name, value] of Object.entries(params)) {
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0) continue;
    dimensions[name] = value;
    boundBy[name] = `params.${name}`;
  }
  const inputs = planInputs(entry, request.inputs, { limits, dimensions, boundBy });
  const outputs = planOutputs(entry, params, inputs, dimensions);
  const arrays = [...inputs.map((input) => ({ ...input, zeroed: false })), ...outputs];
  checkSizes(entry, arrays, limits);
  if (json) {
    outputs.forEach(({ name, shape }) => requirePlainSize(name, shape, limits.maxJsonNumbers));
  }
  const size = entry.split === undefined ? 0 : dimensions[entry.split] ?? 0;
  const allKnown = outputs.length === Object.keys(entry.outputs).length;
  const splits = size >= SPLIT_ABOVE && allKnown;
  const inRows = splits && partial && streams({ entry, inputs, json });
  const parts = inRows ? Math.min(size, PARTS_PER_THREAD * threads) : threads;
  return {
    entry,
    params,
    dimensions,
    inputs,
    outputs,
    ranges: planRanges(size, splits ? parts : 1),
    streams: inRows,
    json,
    bytes: arrays.reduce((sum, { dtype, shape }) => sum + byteLength(dtype, shape), 0),
    roomBytes: arrays.reduce((sum, { dtype, shape }) => sum + alignedByteLength(dtype, shape), 0),
  };
}
