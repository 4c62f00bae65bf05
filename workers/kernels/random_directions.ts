import { OutboardError } from "../errors.ts";
import { cosOfTurns, sin, sinOfTurns } from "./elementary.ts";
import type { FloatArray, Vector3 } from "./float_array.ts";
import { BATCH, unit } from "./philox.ts";
import { type Batch, batches, type Seeded } from "./vector_batches.ts";

/** Fills rows with points on a sphere's surface, uniform over its area.
 * Shapes: out (n, 3) float32 or float64, of which rows start up to end are written.
 * Units:  those of center and radius.
 * Method: Archimedes' hat-box theorem: the height is uniform, and so is the angle around the axis.
 * Cost:   O(end - start) time, about 20 ns per float32 vector; allocates nothing that grows with
 *         it.
 * Special: an empty range writes nothing; radius = 0 gives center.
 * @throws {OutboardError} INVALID_SHAPE if the rows do not lie within out
 * @example Usage
 * ```ts
 * const out = new Float64Array(3);
 * fillOnSphere(out, { seed: 1, start: 0, end: 1, center: [0, 0, 0], radius: 2 });
 * if (Math.abs(Math.hypot(...out) - 2) > 1e-15) throw new Error("not on the sphere");
 * ```
 */
export function fillOnSphere(
  out: FloatArray,
  { center, radius, ...rows }: Seeded & { center: Vector3; radius: number },
): void {
  for (const batch of batches(out, rows)) fillBatchOnSphere(out, batch, center, radius);
}

// The inner loops are functions of their own: the compiler makes faster code of them.
function fillBatchOnSphere(
  out: FloatArray,
  { high, low, first, count }: Batch,
  [cx, cy, cz]: Vector3,
  radius: number,
): void {
  for (let i = 0; i < count; i++) {
    const row = 3 * (first + i);
    const turns = unit(high[i]!, low[i]!);
    const depth = 2 * unit(high[BATCH + i]!, low[BATCH + i]!);
    const ring = radius * Math.sqrt(depth * (2 - depth));
    out[row] = cx + ring * cosOfTurns(turns);
    out[row + 1] = cy + ring * sinOfTurns(turns);
    out[row + 2] = cz + radius * (1 - depth);
  }
}

/** Fills rows with points in a ball, uniform over its volume.
 * Shapes: out (n, 3) float32 or float64, of which rows start up to end are written.
 * Units:  those of center and radius.
 * Method: a direction as in {@linkcode fillOnSphere}, at the distance max(u, sqrt(v)) radius: both
 *         factors' distribution functions multiply to r^3, the share of the volume within r.
 * Cost:   O(end - start) time, about 25 ns per float32 vector; allocates nothing that grows with
 *         it.
 * Special: an empty range writes nothing; radius = 0 gives center; rounding may put a point beyond
 *         the surface by its last place.
 * @throws {OutboardError} INVALID_SHAPE if the rows do not lie within out
 * @example Usage
 * ```ts
 * const out = new Float64Array(3);
 * fillInBall(out, { seed: 1, start: 0, end: 1, center: [0, 0, 0], radius: 2 });
 * if (Math.hypot(...out) > 2) throw new Error("not in the ball");
 * ```
 */
export function fillInBall(
  out: FloatArray,
  { center, radius, ...rows }: Seeded & { center: Vector3; radius: number },
): void {
  for (const batch of batches(out, rows)) fillBatchInBall(out, batch, center, radius);
}

function fillBatchInBall(
  out: FloatArray,
  { high, low, first, count }: Batch,
  [cx, cy, cz]: Vector3,
  radius: number,
): void {
  for (let i = 0; i < count; i++) {
    const row = 3 * (first + i);
    const turns = unit(high[i]!, low[i]!);
    const depth = 2 * unit(high[BATCH + i]!, low[BATCH + i]!);
    const u = unit(high[2 * BATCH + i]!, low[2 * BATCH + i]!);
    const v = unit(high[3 * BATCH + i]!, low[3 * BATCH + i]!);
    const distance = radius * Math.max(u, Math.sqrt(v));
    const ring = distance * Math.sqrt(depth * (2 - depth));
    out[row] = cx + ring * cosOfTurns(turns);
    out[row + 1] = cy + ring * sinOfTurns(turns);
    out[row + 2] = cz + distance * (1 - depth);
  }
}

/** Fills rows with unit vectors within an angle of an axis, uniform over the solid angle.
 * Shapes: out (n, 3) float32 or float64, of which rows start up to end are written.
 * Units:  angle in radians, from the axis to the rim (half the opening), 0 to pi; the results have
 *         length 1.
 * Method: as {@linkcode fillOnSphere}, with heights from 1 down to cos(angle), turned to the axis
 *         by the basis of Duff et al. 2017, https://jcgt.org/published/0006/01/01/. Heights are
 *         counted from the top, so tiny angles keep their precision.
 * Cost:   O(end - start) time, about 25 ns per float32 vector; allocates nothing that grows with
 *         it.
 * Special: an empty range writes nothing; angle = 0 gives the axis; angle = pi the whole sphere; an
 *         axis of any length but 0 will do.
 * @throws {OutboardError} INVALID_SHAPE if the rows do not lie within out
 * @throws {OutboardError} INVALID_VALUE if the axis has no direction
 * @example Usage
 * ```ts
 * const out = new Float64Array(3);
 * fillCone(out, { seed: 1, start: 0, end: 1, axis: [0, 0, 5], angle: 0.1 });
 * if (out[2]! < Math.cos(0.1)) throw new Error("not in the cone");
 * ```
 */
export function fillCone(
  out: FloatArray,
  { axis, angle, ...rows }: Seeded & { axis: Vector3; angle: number },
): void {
  const basis = basisAround(axis);
  const half = sin(angle / 2);
  const cap = 2 * half * half; // 1 - cos(angle)
  for (const batch of batches(out, rows)) fillBatchInCone(out, batch, basis, cap);
}

function fillBatchInCone(
  out: FloatArray,
  { high, low, first, count }: Batch,
  [[ax, ay, az], [bx, by, bz], [cx, cy, cz]]: Basis,
  cap: number,
): void {
  for (let i = 0; i < count; i++) {
    const row = 3 * (first + i);
    const turns = unit(high[i]!, low[i]!);
    const depth = cap * unit(high[BATCH + i]!, low[BATCH + i]!);
    const ring = Math.sqrt(depth * (2 - depth));
    const a = ring * cosOfTurns(turns);
    const b = ring * sinOfTurns(turns);
    const c = 1 - depth;
    out[row] = a * ax + b * bx + c * cx;
    out[row + 1] = a * ay + b * by + c * cy;
    out[row + 2] = a * az + b * bz + c * cz;
  }
}

type Basis = readonly [Vector3, Vector3, Vector3];

/** Three unit vectors at right angles, right-handed, the third along `axis`. */
function basisAround(axis: Vector3): Basis {
  const largest = Math.max(Math.abs(axis[0]), Math.abs(axis[1]), Math.abs(axis[2]));
  if (!(largest > 0 && largest < Infinity)) {
    throw new OutboardError(
      "INVALID_VALUE",
      `Cannot draw vectors in a cone: wanted an axis with a direction, got (${axis.join(", ")})`,
    );
  }
  // Squares of tiny or huge components would underflow or overflow.
  let [x, y, z] = [axis[0] / largest, axis[1] / largest, axis[2] / largest];
  const length = Math.sqrt(x * x + y * y + z * z);
  [x, y, z] = [x / length, y / length, z / length];
  const sign = z < 0 ? -1 : 1;
  const a = -1 / (sign + z);
  const b = x * y * a;
  return [
    [1 + sign * x * x * a, sign * b, -sign * x],
    [b, sign + y * y * a, -y],
    [x, y, z],
  ];
}
