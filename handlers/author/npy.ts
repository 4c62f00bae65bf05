import {
  type ArrayRef,
  byteLength,
  bytesOf,
  type DType,
  DTYPES,
  formatShape,
} from "../../workers/array.ts";
import { FileError } from "./file_error.ts";

/**
 * Numpy's file for one array, versions 1.0 and 2.0: magic, version, the length of the header, the header as a Python
 * dict, the elements. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
const MAGIC = [0x93, ...new TextEncoder().encode("NUMPY")];
const VERSION_AT = 6;
const LENGTH_AT = 8;
const HEADER_AT = { 1: 10, 2: 12 } as const;
/** The elements begin at a multiple of this. */
const ALIGNMENT = 64;

const DESCRIPTIONS: Record<DType, string> = {
  float32: "<f4",
  float64: "<f8",
  int32: "<i4",
  uint32: "<u4",
  uint8: "|u1",
};

function dtypeOf(file: string, header: string): DType {
  const description = header.match(/'descr':\s*'([^']*)'/)?.[1];
  const found = Object.entries(DESCRIPTIONS).find(([, known]) => known === description);
  if (found !== undefined) return found[0] as DType;
  const came = description === undefined ? "fields" : `'${description}'`;
  throw new FileError(
    `Cannot read ${file}: wanted little-endian ${Object.keys(DTYPES).join(", ")}, got ${came}; ` +
      "in numpy, array.astype(numpy.float32) makes one that can be read",
  );
}

function shapeOf(file: string, header: string): number[] {
  const sizes = header.match(/'shape':\s*\(([\d,\s]*)\)/)?.[1];
  if (sizes === undefined) throw new FileError(`Cannot read ${file}: its header has no shape`);
  return sizes.split(",").map((size) => size.trim()).filter((size) => size !== "").map(Number);
}

/** The header's text, and where the elements begin. */
function headerOf(file: string, bytes: Uint8Array): { header: string; dataAt: number } {
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw new FileError(`Cannot read ${file}: wanted a file written by numpy.save, got another`);
  }
  const [major, minor] = [bytes[VERSION_AT], bytes[VERSION_AT + 1]];
  if ((major !== 1 && major !== 2) || minor !== 0) {
    throw new FileError(`Cannot read ${file}: wanted version 1.0 or 2.0, got ${major}.${minor}`);
  }
  const start = HEADER_AT[major];
  if (bytes.length < start) throw new FileError(`Cannot read ${file}: it ends in its header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = major === 1 ? view.getUint16(LENGTH_AT, true) : view.getUint32(LENGTH_AT, true);
  const dataAt = start + length;
  if (bytes.length < dataAt) throw new FileError(`Cannot read ${file}: it ends in its header`);
  return { header: new TextDecoder("latin1").decode(bytes.subarray(start, dataAt)), dataAt };
}

/** Reads a `.npy` file. @throws {FileError} When it is none, or holds what Outboard's arrays cannot */
export function decodeNpy(file: string, bytes: Uint8Array): ArrayRef {
  const { header, dataAt } = headerOf(file, bytes);
  const dtype = dtypeOf(file, header);
  const shape = shapeOf(file, header);
  if (!/'fortran_order':\s*False/.test(header)) {
    throw new FileError(
      `Cannot read ${file}: wanted C order, got Fortran order; in numpy, ` +
        "numpy.ascontiguousarray(array) makes one that can be read",
    );
  }
  const wanted = byteLength(dtype, shape);
  const came = bytes.length - dataAt;
  if (came !== wanted) {
    throw new FileError(
      `Cannot read ${file}: ${dtype} ${formatShape(shape)} takes ${wanted} bytes, got ${came}`,
    );
  }
  const ref = { buffer: new SharedArrayBuffer(wanted), byteOffset: 0, dtype, shape };
  bytesOf(ref).set(bytes.subarray(dataAt));
  return ref;
}

/** `(3,)` and `(3, 4)`, and `()` for a single number. */
function pythonTuple(shape: readonly number[]): string {
  return shape.length === 0 ? "()" : formatShape(shape);
}

/** `ref` as a `.npy` file, version 1.0. */
export function encodeNpy(ref: ArrayRef): Uint8Array<ArrayBuffer> {
  const header = `{'descr': '${DESCRIPTIONS[ref.dtype]}', 'fortran_order': False, ` +
    `'shape': ${pythonTuple(ref.shape)}, }`;
  const unpadded = HEADER_AT[1] + header.length + 1;
  const dataAt = Math.ceil(unpadded / ALIGNMENT) * ALIGNMENT;
  const elements = bytesOf(ref);
  const bytes = new Uint8Array(dataAt + elements.length);
  bytes.set(MAGIC);
  bytes[VERSION_AT] = 1;
  new DataView(bytes.buffer).setUint16(LENGTH_AT, dataAt - HEADER_AT[1], true);
  bytes.set(
    new TextEncoder().encode(header.padEnd(dataAt - HEADER_AT[1] - 1) + "\n"),
    HEADER_AT[1],
  );
  bytes.set(elements, dataAt);
  return bytes;
}
