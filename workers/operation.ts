import type { z } from "zod";
import type { Array, DType } from "./array.ts";

/** What an array means. */
export type Kind = "points" | "vectors" | "matrices" | "triangles" | "scalars" | "colors";

/** A fixed size, or the name of a symbolic dimension that must agree across the operation's arrays and parameters. */
export type Dimension = number | string;
export type Shape = readonly Dimension[];

export interface InputSpec {
  kind: Kind;
  /** Accepted element types, the preferred one (and that of plain JSON numbers) first. */
  dtype: DType | readonly DType[];
  /** One shape, or several to choose from: `[[4, 4], ["n", 4, 4]]`. */
  shape: Shape | readonly Shape[];
  description?: string;
  optional?: boolean;
  /** Refuse NaN and infinities before `run` is called. @default {false} */
  finite?: boolean;
  /** Where in the scene the array comes from unless the user says otherwise. */
  source?: string;
}

export interface OutputSpec {
  kind: Kind;
  /** A type, the type of an input (`{ like: "points" }`), or the value of a parameter (`{ param: "dtype" }`). */
  dtype: DType | { like: string } | { param: string };
  /** Dimensions named by an input's shape or by an integer parameter are known before the run; others are not. */
  shape: Shape;
  description?: string;
  /** Hand out zeroed memory. Turn off only where `run` writes every element. @default {true} */
  zeroed?: boolean;
  /** Where in the scene the array goes unless the user says otherwise. */
  target?: string;
}

/** Cooperative cancel: a flag in shared memory, cheap enough to look at every 65,536 elements. */
export interface CancelSignal {
  readonly aborted: boolean;
  /** @throws {OutboardError} CANCELLED when the job has been cancelled. */
  throwIfAborted(): void;
}

export interface RunContext<Params> {
  /** The parameters after validation, defaults and drawn seed filled in. */
  params: Params;
  /** The inputs by name; an optional input that did not come is absent. */
  inputs: Readonly<Record<string, Array | undefined>>;
  /**
   * The part of the `split` dimension to compute: rows `start` up to, not including, `end`. The whole of it for small
   * jobs; otherwise every thread gets a part of its own and all write into the same outputs.
   */
  range: { readonly start: number; readonly end: number };
  /**
   * The output array `name` in shared memory. `shape` is needed only where the declaration names a dimension that is
   * not known before the run, and must agree with the declared one.
   */
  allocate(name: string, shape?: readonly number[]): Array;
  /** Tell how far the run is, 0 to 1. Throttled; call it as often as convenient. */
  progress(fraction: number, message?: string): void;
  signal: CancelSignal;
}

export interface Operation<Schema extends z.ZodObject = z.ZodObject> {
  title: string;
  description: string;
  /** A strict object; facts for the panel (unit, step, soft range) ride in `.meta({ outboard: {...} })`. */
  params: Schema;
  inputs: Record<string, InputSpec>;
  outputs: Record<string, OutputSpec>;
  /** The dimension along which a large job may be split over all threads. */
  split?: string;
  run(context: RunContext<z.output<Schema>>): void | Promise<void>;
}

/** Facts about a parameter that JSON Schema has no word for, under the metadata key `outboard`. */
export interface ParamMeta {
  unit?: "length" | "angle" | "time" | "factor";
  subtype?: "color" | "euler" | "translation" | "direction" | "xyz";
  step?: number;
  softMin?: number;
  softMax?: number;
  precision?: number;
  /** Drawn at random by the server when absent, and reported in the answer. */
  drawn?: true;
}

/** Declares an operation; a file in workers/operations/ exports it as default and gives it its name. */
export function defineOperation<Schema extends z.ZodObject>(
  operation: Operation<Schema>,
): Operation<Schema> {
  return operation;
}
