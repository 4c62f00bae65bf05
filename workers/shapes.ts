import { type DType, formatShape } from "./array.ts";
import { OutboardError } from "./errors.ts";
import type { InputSpec, OutputSpec, Shape } from "./operation.ts";

/** Symbolic dimensions and their sizes, by name. */
export type Dimensions = Record<string, number>;

/** The shapes that an input may have, always as a list. */
export function acceptedShapes(spec: InputSpec): readonly Shape[] {
  return Array.isArray(spec.shape[0]) ? spec.shape as readonly Shape[] : [spec.shape as Shape];
}

/** The element types that an input may have, the preferred one first. */
export function acceptedDtypes(spec: InputSpec): readonly DType[] {
  return typeof spec.dtype === "string" ? [spec.dtype] : spec.dtype;
}

/** Whether an input of this rank has its rows along the dimension `split`. */
export function runsAlong(
  spec: InputSpec | undefined,
  rank: number | undefined,
  split: string | undefined,
): boolean {
  if (spec === undefined || split === undefined) return false;
  const shapes = acceptedShapes(spec).filter((shape) => shape.length === rank);
  return shapes.length > 0 && shapes.every(([first]) => first === split);
}

/** Whether rank and fixed sizes agree; names fit any size. */
function fits(shape: Shape, sizes: readonly number[]): boolean {
  return shape.length === sizes.length &&
    shape.every((dimension, axis) => typeof dimension === "string" || dimension === sizes[axis]);
}

/**
 * Checks the shape of an input and binds its symbolic dimensions.
 *
 * @param dimensions What is bound so far; grows
 * @param boundBy Which input or parameter bound each dimension, for the message; grows
 * @throws {OutboardError} INVALID_SHAPE, naming the input, the dimension and both sizes
 */
export function bindShape(
  operation: string,
  name: string,
  spec: InputSpec,
  sizes: readonly number[],
  dimensions: Dimensions,
  boundBy: Record<string, string>,
): void {
  const shapes = acceptedShapes(spec);
  const shape = shapes.find((candidate) => fits(candidate, sizes));
  if (shape === undefined) {
    const wanted = shapes.map(formatShape).join(" or ");
    throw new OutboardError(
      "INVALID_SHAPE",
      `Cannot run '${operation}': '${name}' must have shape ${wanted}, got ${formatShape(sizes)}`,
      { input: name, wanted: shapes, came: sizes },
    );
  }
  shape.forEach((dimension, axis) => {
    if (typeof dimension === "number") return;
    const size = sizes[axis] as number;
    const known = dimensions[dimension];
    if (known !== undefined && known !== size) {
      throw new OutboardError(
        "INVALID_SHAPE",
        `Cannot run '${operation}': dimension '${dimension}' is ${known} in ` +
          `'${boundBy[dimension]}' but ${size} in '${name}'`,
        { input: name, dimension, wanted: known, came: size },
      );
    }
    dimensions[dimension] = size;
    boundBy[dimension] ??= name;
  });
}

/**
 * The sizes of `shape`, names replaced by what is bound. Where a name is not bound, the size is taken from `given`;
 * without it the shape is not known yet.
 *
 * @returns undefined when a size is missing or disagrees with `given`
 */
export function resolveShape(
  shape: Shape,
  dimensions: Dimensions,
  given?: readonly number[],
): number[] | undefined {
  if (given !== undefined && given.length !== shape.length) return undefined;
  const sizes: number[] = [];
  for (const [axis, dimension] of shape.entries()) {
    const known = typeof dimension === "number" ? dimension : dimensions[dimension];
    const size = known ?? given?.[axis];
    if (size === undefined || (given !== undefined && given[axis] !== size)) return undefined;
    if (typeof dimension === "string") dimensions[dimension] = size;
    sizes.push(size);
  }
  return sizes;
}

/** The sizes of `shape` as far as the run need not tell them; undefined when it must. */
export function knownShape(shape: Shape, dimensions: Dimensions): number[] | undefined {
  const sizes: number[] = [];
  for (const dimension of shape) {
    const size = typeof dimension === "number" ? dimension : dimensions[dimension];
    if (size === undefined) return undefined;
    sizes.push(size);
  }
  return sizes;
}

/** The element type of an output. */
export function outputDtype(
  spec: OutputSpec,
  params: Record<string, unknown>,
  inputs: Record<string, { dtype: DType }>,
): DType {
  if (typeof spec.dtype === "string") return spec.dtype;
  if ("param" in spec.dtype) return params[spec.dtype.param] as DType;
  const like = inputs[spec.dtype.like];
  if (like === undefined) {
    throw new TypeError(`Cannot tell the output's type: there is no input '${spec.dtype.like}'`);
  }
  return like.dtype;
}
