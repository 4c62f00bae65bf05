import { type ArrayRef, byteLength, elementsOf } from "../../workers/array.ts";
import { FileError } from "./file_error.ts";

/** What of a mesh an OBJ file carries here: everything else in it is passed over. */
export interface ObjMesh {
  /** (n, 3) float64 */
  points: ArrayRef;
  /** (m, 3) uint32; faces of more corners are cut into fans. */
  triangles: ArrayRef;
}

/** With 9 digits every float32 is told from its neighbours; most need fewer. */
const FLOAT32_DIGITS = [6, 7, 8, 9];

/** The shortest number that reads as this float32 again: 0.1 instead of 0.10000000149011612. */
function shortest(value: number): number {
  const candidates = FLOAT32_DIGITS.map((digits) => Number(value.toPrecision(digits)));
  return candidates.find((candidate) => Math.fround(candidate) === value) ?? value;
}

function toRef(dtype: "float64" | "uint32", numbers: readonly number[]): ArrayRef {
  const shape = [numbers.length / 3, 3];
  const buffer = new SharedArrayBuffer(byteLength(dtype, shape));
  const ref = { buffer, byteOffset: 0, dtype, shape };
  elementsOf(ref).set(numbers);
  return ref;
}

/** A corner is `7`, `7/1`, `7//3` or `7/1/3`; counted from 1, or backwards from the last vertex. */
function cornerOf(text: string, known: number): number {
  const number = Number(text.split("/")[0]);
  if (!Number.isInteger(number) || number === 0) return NaN;
  return number > 0 ? number - 1 : known + number;
}

/** Reads the vertices and faces of an OBJ file. @throws {FileError} With the line that is wrong */
export function decodeObj(file: string, text: string): ObjMesh {
  const points: number[] = [];
  const triangles: number[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const [keyword, ...words] = line.trim().split(/\s+/);
    const refuse = (wanted: string): never => {
      throw new FileError(`Cannot read ${file}:${index + 1}: ${wanted}, got '${line.trim()}'`);
    };
    if (keyword === "v") {
      const position = words.slice(0, 3).map(Number);
      if (position.length < 3 || !position.every(Number.isFinite)) refuse("wanted three numbers");
      points.push(...position);
    } else if (keyword === "f") {
      const known = points.length / 3;
      const corners = words.map((word) => cornerOf(word, known));
      if (corners.length < 3 || !corners.every((corner) => corner >= 0 && corner < known)) {
        refuse(`wanted three or more of the ${known} vertices above`);
      }
      for (let i = 2; i < corners.length; i++) {
        triangles.push(corners[0] as number, corners[i - 1] as number, corners[i] as number);
      }
    }
  }
  return { points: toRef("float64", points), triangles: toRef("uint32", triangles) };
}

/** An OBJ file of points, (n, 3), and the triangles between them, (m, 3), if there are any. */
export function encodeObj(points: ArrayRef, triangles?: ArrayRef): string {
  const spell = (x: number): string => String(points.dtype === "float32" ? shortest(x) : x);
  const lines: string[] = [];
  const positions = elementsOf(points);
  for (let i = 0; i < positions.length; i += 3) {
    lines.push(`v ${Array.from(positions.subarray(i, i + 3), spell).join(" ")}`);
  }
  const corners = triangles === undefined ? [] : elementsOf(triangles);
  for (let i = 0; i < corners.length; i += 3) {
    lines.push(`f ${Array.from(corners.slice(i, i + 3), (corner) => corner + 1).join(" ")}`);
  }
  return `${lines.join("\n")}\n`;
}
