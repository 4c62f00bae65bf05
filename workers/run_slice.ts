import type { z } from "zod";
import { type Array, type ArrayRef, byteLength, formatShape, toNdarray } from "./array.ts";
import { PROGRESS_INTERVAL_MS } from "./constants.ts";
import { OutboardError } from "./errors.ts";
import { requireFinite } from "./finite.ts";
import { formatIssues, toIssues } from "./issues.ts";
import { SliceLane } from "./lane/slice_lane.ts";
import type { Slice, SliceResult } from "./messages.ts";
import type { AnyOperation, CancelSignal, RunResult, Step } from "./operation.ts";
import { plainOutputs } from "./plain_outputs.ts";
import { outputDtype, resolveShape } from "./shapes.ts";

/** Progress to main, not more often than every so many ms, never backwards. */
function throttled(
  report: (fraction: number, message?: string) => void,
  intervalMs: number,
): (fraction: number, message?: string) => void {
  let last = performance.now();
  let highest = 0;
  return (fraction, message) => {
    highest = Math.max(highest, Math.min(1, fraction));
    const now = performance.now();
    if (now - last < intervalMs) return;
    last = now;
    report(highest, message);
  };
}

/** The parameters by the operation's true schema: refinements and transforms did not reach the main thread. */
export function parseParams(
  schema: z.ZodObject,
  name: string,
  params: Record<string, unknown>,
): Record<string, unknown> {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  const issues = toIssues(params, parsed.error);
  throw new OutboardError(
    "INVALID_PARAMS",
    `Cannot run '${name}': ${formatIssues(issues)}`,
    { issues },
  );
}

/** Hands out the job's outputs, and notes which: those that main made, and those whose size only the run can tell. */
function allocator(
  operation: AnyOperation,
  slice: Slice,
  { allocated, asked }: { allocated: Record<string, ArrayRef>; asked: Set<string> },
): (name: string, shape?: readonly number[]) => Array {
  const dimensions = { ...slice.dimensions };
  return (name, shape) => {
    asked.add(name);
    const spec = operation.outputs[name];
    if (spec === undefined) {
      throw new TypeError(`Cannot allocate '${name}': the operation declares no such output`);
    }
    const made = slice.outputs[name] ?? allocated[name];
    const wanted = made?.shape ?? resolveShape(spec.shape, dimensions, shape);
    if (wanted === undefined || (shape !== undefined && shape.join() !== wanted.join())) {
      throw new TypeError(
        `Cannot allocate '${name}': wanted ${formatShape(made?.shape ?? spec.shape)}, got ${
          shape === undefined ? "no shape" : formatShape(shape)
        }`,
      );
    }
    if (made !== undefined) return toNdarray(made);
    const dtype = outputDtype(spec, slice.params, slice.inputs);
    const bytes = byteLength(dtype, wanted);
    if (bytes > slice.maxArrayBytes) {
      throw new OutboardError(
        "TOO_LARGE",
        `Cannot run '${slice.name}': output '${name}' takes ${bytes} bytes, ` +
          `the limit is ${slice.maxArrayBytes}`,
        { limit: slice.maxArrayBytes, came: bytes },
      );
    }
    const ref = { buffer: new SharedArrayBuffer(bytes), byteOffset: 0, dtype, shape: [...wanted] };
    allocated[name] = ref;
    return toNdarray(ref);
  };
}

/** @throws {OutboardError} INVALID_VALUE when an input that must be finite is not */
function requireFiniteInputs(operation: AnyOperation, slice: Slice): void {
  for (const [name, ref] of Object.entries(slice.inputs)) {
    if (operation.inputs[name]?.finite) requireFinite(slice, name, ref, operation.split);
  }
}

/** Runs a generator to its end: each step that it yields is a report, and a moment to be cancelled in. */
async function finish(
  result: RunResult,
  progress: (fraction: number, message?: string) => void,
  signal: CancelSignal,
): Promise<void> {
  if (!result || !("next" in result)) return await result;
  for (;;) {
    const { done, value } = await result.next() as IteratorResult<Step, void>;
    if (done) return;
    signal.throwIfAborted();
    if (typeof value === "number") progress(value);
    else if (value) progress(value.fraction, value.message);
  }
}

export interface SliceContext {
  signal: CancelSignal;
  report(fraction: number, message?: string): void;
  /** The shortest time between two reports, in ms. */
  intervalMs?: number;
}

/**
 * Runs one slice of a job on this thread.
 *
 * @throws {OutboardError} As the operation says; INVALID_PARAMS when its own refinements refuse the parameters,
 * INVALID_VALUE when an input that must be finite is not, OPERATION_FAILED when an output was never asked for
 */
export async function runSlice(
  operation: AnyOperation,
  slice: Slice,
  { signal, report, intervalMs = PROGRESS_INTERVAL_MS }: SliceContext,
): Promise<SliceResult> {
  const params = parseParams(operation.params, slice.name, slice.params);
  using lane = new SliceLane(slice, operation);
  lane.readWhole(signal);
  const inputs = Object.fromEntries(
    Object.entries(slice.inputs).map(([name, ref]) => [name, toNdarray(ref)]),
  );
  const allocated: Record<string, ArrayRef> = {};
  const asked = new Set<string>();
  const allocate = allocator(operation, slice, { allocated, asked });
  const throttledReport = throttled(report, intervalMs);
  const { rounds } = lane;
  for (const [round, range] of rounds.entries()) {
    lane.readRows(range);
    requireFiniteInputs(operation, { ...slice, range });
    signal.throwIfAborted();
    const progress = (fraction: number, message?: string): void =>
      throttledReport((round + Math.min(1, fraction)) / rounds.length, message);
    await finish(
      operation.run({ params, inputs, range, allocate, progress, signal }),
      progress,
      signal,
    );
    signal.throwIfAborted();
    lane.writeRows(range);
  }
  for (const name of Object.keys(operation.outputs)) {
    if (asked.has(name)) continue;
    throw new OutboardError(
      "OPERATION_FAILED",
      `Operation '${slice.name}' ended without allocating its output '${name}'`,
    );
  }
  lane.writeWhole({ ...slice.outputs, ...allocated });
  if (slice.plainNumbers === undefined) return { allocated };
  const text = plainOutputs({ ...slice.outputs, ...allocated }, slice.plainNumbers);
  return { allocated: {}, text };
}
