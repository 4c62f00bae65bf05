import type { z } from "zod";
import type { ArrayOf, DType } from "./array.ts";

/** What an array may mean. */
export const KINDS = [
  "points",
  "vectors",
  "matrices",
  "triangles",
  "edges",
  "scalars",
  "colors",
] as const;
export type Kind = typeof KINDS[number];

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

export type InputSpecs = Readonly<Record<string, InputSpec>>;
export type OutputSpecs = Readonly<Record<string, OutputSpec>>;

/** The element types that an input's declaration names. */
export type InputDtype<Spec extends InputSpec> = Spec["dtype"] extends DType ? Spec["dtype"]
  : Spec["dtype"] extends readonly (infer Each extends DType)[] ? Each
  : DType;

/** The element types that an output may have. */
export type OutputDtype<Spec extends OutputSpec, Inputs extends InputSpecs> = Spec["dtype"] extends
  DType ? Spec["dtype"]
  : Spec["dtype"] extends { like: infer Name extends string }
    ? Name extends keyof Inputs ? InputDtype<Inputs[Name]> : never
  : DType;

/** The inputs as `run` gets them: typed by their declarations, an optional one perhaps absent. */
export type InputArrays<Inputs extends InputSpecs> = {
  readonly [Name in keyof Inputs]:
    | ArrayOf<InputDtype<Inputs[Name]>>
    | (Inputs[Name]["optional"] extends true ? undefined : never);
};

/** Cooperative cancel: a flag in shared memory, cheap enough to look at every 65,536 elements. */
export interface CancelSignal {
  readonly aborted: boolean;
  /** @throws {OutboardError} CANCELLED when the job has been cancelled. */
  throwIfAborted(): void;
}

export interface RunContext<
  Params,
  Inputs extends InputSpecs = InputSpecs,
  Outputs extends OutputSpecs = OutputSpecs,
> {
  /** The parameters after validation, defaults and drawn seed filled in. */
  params: Params;
  /** The inputs by name; an optional input that did not come is absent. */
  inputs: InputArrays<Inputs>;
  /**
   * The part of the `split` dimension to compute: rows `start` up to, not including, `end`. The whole of it for small
   * jobs; otherwise every thread gets a part of its own and all write into the same outputs.
   */
  range: { readonly start: number; readonly end: number };
  /**
   * The output array `name` in shared memory. `shape` is needed only where the declaration names a dimension that is
   * not known before the run, and must agree with the declared one.
   */
  allocate<Name extends keyof Outputs & string>(
    name: Name,
    shape?: readonly number[],
  ): ArrayOf<OutputDtype<Outputs[Name], Inputs>>;
  /** Tell how far the run is, 0 to 1. Throttled; call it as often as convenient. */
  progress(fraction: number, message?: string): void;
  signal: CancelSignal;
}

export interface Operation<
  Schema extends z.ZodObject = z.ZodObject,
  Inputs extends InputSpecs = InputSpecs,
  Outputs extends OutputSpecs = OutputSpecs,
> {
  title: string;
  description: string;
  /** Where the panel lists it. @default {"General"} */
  category?: string;
  /** A strict object; facts for the panel (unit, step, soft range) ride in `.meta({ outboard: {...} })`. */
  params: Schema;
  inputs: Inputs;
  outputs: Outputs;
  /** The dimension along which a large job may be split over all threads. */
  split?: string;
  /**
   * Whether `run` reads, of the inputs along `split`, only the rows of its range, so that it may be called for a few
   * rows at a time. @default {false}
   */
  rowwise?: boolean;
  /** What it may do beside computing; the user grants it by a flag of the server, or the operation does not run. */
  permissions?: Permissions;
  run(context: RunContext<z.output<Schema>, Inputs, Outputs>): RunResult;
}

/** Hosts to talk to and files or folders to read, as `--allow-net` and `--allow-read` take them. */
export interface Permissions {
  net?: readonly string[];
  read?: readonly string[];
}

/** How far a run is, yielded between its steps: a fraction from 0 to 1, alone or with a word on it. */
export type Step = number | { fraction: number; message?: string } | undefined | void;

/** `run` may be a plain function, an async one, or a generator of either sort that yields between its steps. */
export type RunResult =
  | void
  | Promise<void>
  | Generator<Step, void, undefined>
  | AsyncGenerator<Step, void, undefined>;

/** Facts about a parameter that JSON Schema has no word for, under the metadata key `outboard`. */
export interface ParamMeta {
  unit?: "length" | "angle" | "time" | "factor";
  subtype?: "color" | "euler" | "translation" | "direction" | "xyz" | "file" | "matrix";
  step?: number;
  softMin?: number;
  softMax?: number;
  precision?: number;
  /** Drawn at random by the server when absent, and reported in the answer. */
  drawn?: true;
  /** For an enum: what its items are called and what they mean. */
  items?: Record<string, { title: string; description?: string }>;
}

/**
 * Declares an operation; the file that exports it as default gives it its name. `run` is typed by the declarations: its
 * parameters, its inputs by name and element type, and what `allocate` hands out.
 */
export function defineOperation<
  Schema extends z.ZodObject,
  const Inputs extends InputSpecs,
  const Outputs extends OutputSpecs,
>(
  operation: Operation<Schema, Inputs, Outputs>,
): Operation<Schema, Inputs, Outputs> {
  return operation;
}

/** An operation whose declarations are not known to the compiler. */
// deno-lint-ignore no-explicit-any
export type AnyOperation = Operation<z.ZodObject, any, any>;
