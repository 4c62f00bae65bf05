import { extname } from "node:path";
import { type ArrayRef, byteLength, type DType, elementsOf } from "../../workers/array.ts";
import type { InputSpec } from "../../workers/operation.ts";
import { acceptedDtypes } from "../../workers/shapes.ts";
import type { PlainArray } from "../../workers/plain_outputs.ts";
import { fillFromPlain, firstMisfit, plainShape } from "../wire/plain_array.ts";
import { userPath } from "./arguments.ts";
import { FileError } from "./file_error.ts";
import { decodeNpy } from "./npy.ts";
import { decodeObj } from "./obj.ts";

/** An input as it goes to the server. An empty list stands for no rows. */
export type Input = ArrayRef | [];

const READERS: Record<string, (source: string, spec: InputSpec) => Promise<Input>> = {
  ".npy": async (source) => decodeNpy(source, await read(source)),
  ".obj": async (source, { kind }) => {
    const mesh = decodeObj(source, new TextDecoder().decode(await read(source)));
    if (kind === "points" || kind === "triangles") return mesh[kind];
    throw new FileError(`Cannot take ${kind} from ${source}: an OBJ file has points and triangles`);
  },
  ".json": async (source, spec) =>
    fromJson(source, new TextDecoder().decode(await read(source)), spec),
};

async function read(source: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(userPath(source));
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "there is no such file" : String(error);
    throw new FileError(`Cannot read ${source}: ${reason}`);
  }
}

function fromJson(source: string, text: string, spec: InputSpec): Input {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FileError(`Cannot read ${source}: ${(error as Error).message}`);
  }
  const shape = plainShape(value);
  if (typeof shape === "string") throw new FileError(`Cannot read ${source}: ${shape}`);
  if (shape.length === 1 && shape[0] === 0) return [];
  const [dtype] = acceptedDtypes(spec) as [DType];
  const misfit = firstMisfit(value as PlainArray, dtype);
  if (misfit !== undefined) {
    throw new FileError(
      `Cannot read ${source}: the input is ${dtype}, which cannot hold ${misfit}`,
    );
  }
  const buffer = new SharedArrayBuffer(byteLength(dtype, shape));
  const ref = { buffer, byteOffset: 0, dtype, shape };
  fillFromPlain(ref, value as PlainArray);
  return ref;
}

/** `ref` in a type that the input accepts: floats may be rounded, whole numbers must stay what they are. */
function convert(source: string, ref: ArrayRef, spec: InputSpec): ArrayRef {
  const accepted = acceptedDtypes(spec);
  if (accepted.includes(ref.dtype)) return ref;
  const [dtype] = accepted as [DType];
  const { shape } = ref;
  const converted = {
    buffer: new SharedArrayBuffer(byteLength(dtype, shape)),
    byteOffset: 0,
    dtype,
    shape,
  };
  const from = elementsOf(ref);
  const to = elementsOf(converted);
  to.set(from);
  if (dtype.startsWith("float")) return converted;
  const lost = from.findIndex((value, index) => value !== to[index]);
  if (lost === -1) return converted;
  throw new FileError(
    `Cannot read ${source}: the input is ${dtype}, which cannot hold ${from[lost]}`,
  );
}

/**
 * Reads an input: from a `.npy`, `.obj` or `.json` file, or from JSON as it stands on the command line.
 *
 * @throws {FileError} When it cannot be read, or does not fit the input's type
 */
export async function readInput(source: string, spec: InputSpec): Promise<Input> {
  if (/^\s*\[/.test(source)) return fromJson("the JSON given", source, spec);
  const extension = extname(source).toLowerCase();
  const reader = READERS[extension];
  if (reader === undefined) {
    const wanted = Object.keys(READERS).join(", ");
    throw new FileError(`Cannot read ${source}: wanted ${wanted} or lists of numbers as JSON`);
  }
  const input = await reader(source, spec);
  return Array.isArray(input) ? input : convert(source, input, spec);
}
