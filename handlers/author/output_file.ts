import { extname } from "node:path";
import type { ArrayRef } from "../../workers/array.ts";
import type { OutputSpec } from "../../workers/operation.ts";
import { FlagError } from "../launch/flags.ts";
import { toPlain } from "../../workers/plain_outputs.ts";
import { userPath } from "./arguments.ts";
import type { RunAnswer } from "./connection.ts";
import { FileError } from "./file_error.ts";
import { encodeNpy } from "./npy.ts";
import { encodeObj } from "./obj.ts";

type Outputs = Readonly<Record<string, OutputSpec>>;

/** A file to be written once there is an answer. */
export interface OutputFile {
  path: string;
  encode(answer: RunAnswer): Uint8Array<ArrayBuffer>;
}

const toBytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

function output({ outputs }: RunAnswer, name: string): ArrayRef {
  const ref = outputs[name];
  if (ref === undefined) {
    throw new FileError(`Cannot write '${name}': the answer has no such output`);
  }
  return ref;
}

/** The first output of a kind that OBJ can hold: n rows of three. */
function firstOf(kind: "points" | "triangles", outputs: Outputs): string | undefined {
  return Object.keys(outputs).find((name) => {
    const { kind: own, shape } = outputs[name] as OutputSpec;
    return own === kind && shape.length === 2 && shape[1] === 3;
  });
}

function encoderOf(path: string, name: string | undefined, outputs: Outputs): OutputFile["encode"] {
  const names = Object.keys(outputs);
  switch (extname(path).toLowerCase()) {
    case ".npy": {
      const only = name ?? (names.length === 1 ? names[0] : undefined);
      if (only !== undefined) return (answer) => encodeNpy(output(answer, only));
      throw new FlagError(
        `Cannot use --out ${path}: a .npy file holds one array; wanted NAME=${path} with one of ` +
          names.join(", "),
      );
    }
    case ".json":
      return (answer) => {
        const all = Object.entries(answer.outputs).map(([key, ref]) => [key, toPlain(ref)]);
        const whole = { params: answer.params, outputs: Object.fromEntries(all) };
        return toBytes(
          `${JSON.stringify(name === undefined ? whole : toPlain(output(answer, name)))}\n`,
        );
      };
    case ".obj": {
      const points = name ?? firstOf("points", outputs);
      const triangles = firstOf("triangles", outputs);
      if (points !== undefined && outputs[points]?.kind === "points") {
        return (answer) =>
          toBytes(encodeObj(
            output(answer, points),
            triangles === undefined ? undefined : output(answer, triangles),
          ));
      }
      throw new FlagError(`Cannot use --out ${path}: an OBJ file needs an output of points`);
    }
    default:
      throw new FlagError(`Cannot use --out ${path}: wanted a .npy, .json or .obj file`);
  }
}

/**
 * Looks at `--out FILE` or `--out NAME=FILE` before anything is computed.
 *
 * @throws {FlagError} When the outputs cannot be written so
 */
export function planOutput(out: string, outputs: Outputs): OutputFile {
  const [, name, named] = out.match(/^([a-zA-Z]\w*)=(.+)$/s) ?? [];
  const path = named ?? out;
  if (name !== undefined && !(name in outputs)) {
    const known = Object.keys(outputs).join(", ");
    throw new FlagError(`Cannot use --out ${out}: wanted one of the outputs ${known}`);
  }
  return { path, encode: encoderOf(path, name, outputs) };
}

/** @throws {FileError} When the file cannot be written */
export async function writeOutput({ path, encode }: OutputFile, answer: RunAnswer): Promise<void> {
  const bytes = encode(answer);
  try {
    await Deno.writeFile(userPath(path), bytes);
  } catch (error) {
    throw new FileError(`Cannot write ${path}: ${(error as Error).message}`);
  }
}
