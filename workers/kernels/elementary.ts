/**
 * Elementary functions with the same bits on every machine. JavaScript leaves the last places of
 * Math.sin, cos, log, exp and pow to the engine and its build; these use only + - * / and rounding,
 * which IEEE 754 fixes. Math.sqrt is used elsewhere as it is: every engine uses the processor's,
 * which IEEE 754 fixes as well.
 */

// Pi / 2 = 1.921FB544 42D18469 898CC517 01B8... (hexadecimal), in three parts: multiples of the
// first two by whole numbers up to 2^20 are exact.
const HALF_PI_HIGH = 0x1_921f_b544 * 2 ** -32;
const HALF_PI_MIDDLE = 0x42d1_8469 * 2 ** -64;
const HALF_PI_LOW = 0x898c_c517_01b8 * 2 ** -112;
const TWO_OVER_PI = 2 / Math.PI;
const EXACT_ANGLE = 2 ** 20;

const LN2_HIGH = 0xb172_17f7 * 2 ** -32;
const LN2_LOW = 0xd1cf_79ab_c9e4 * 2 ** -80;

const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);

/** Taylor's series, for |x| <= pi / 4: the first term left out is below 2^-62. */
function sinNearZero(x: number): number {
  const s = x * x;
  let sum = 1 / 355687428096000;
  sum = sum * s - 1 / 1307674368000;
  sum = sum * s + 1 / 6227020800;
  sum = sum * s - 1 / 39916800;
  sum = sum * s + 1 / 362880;
  sum = sum * s - 1 / 5040;
  sum = sum * s + 1 / 120;
  sum = sum * s - 1 / 6;
  return x + x * s * sum;
}

function cosNearZero(x: number): number {
  const s = x * x;
  let sum = 1 / 20922789888000;
  sum = sum * s - 1 / 87178291200;
  sum = sum * s + 1 / 479001600;
  sum = sum * s - 1 / 3628800;
  sum = sum * s + 1 / 40320;
  sum = sum * s - 1 / 720;
  sum = sum * s + 1 / 24;
  sum = sum * s - 1 / 2;
  return 1 + s * sum;
}

const QUARTER_SIN = Float64Array.of(0, 1, 0, -1);

/** sin(x + quarter * pi / 2); by a table, as nobody could foresee a branch on a random quarter. */
function sinOfQuarter(x: number, quarter: number): number {
  const sinOfWhole = QUARTER_SIN[quarter & 3]!;
  const cosOfWhole = QUARTER_SIN[(quarter + 1) & 3]!;
  return sinNearZero(x) * cosOfWhole + cosNearZero(x) * sinOfWhole;
}

function sinShifted(angle: number, shift: 0 | 1): number {
  // Remainder is exact; it only keeps nonsense angles from overflowing the reduction.
  const x = Math.abs(angle) < EXACT_ANGLE ? angle : angle % (2 * Math.PI);
  const quarter = Math.floor(x * TWO_OVER_PI + 0.5);
  const rest = x - quarter * HALF_PI_HIGH - quarter * HALF_PI_MIDDLE - quarter * HALF_PI_LOW;
  return sinOfQuarter(rest, quarter + shift);
}

/** The sine of an angle in radians.
 * Shapes: scalar.
 * Units:  angle in radians; result has none.
 * Method: reduction by pi / 2 in three parts (Cody and Waite 1980), then Taylor's series of degree
 *         17. Within 1.5 units in the last place for |angle| < 2^20; beyond, reduced by the
 *         float64 nearest to 2 pi.
 * Cost:   O(1); allocates nothing.
 * Special: NaN and infinities give NaN; -0 gives 0.
 * @example Usage
 * ```ts
 * if (Math.abs(sin(Math.PI / 6) - 0.5) > 2e-16) throw new Error("not one half");
 * ```
 */
export function sin(angle: number): number {
  return sinShifted(angle, 0);
}

/** The cosine of an angle in radians.
 * Shapes: scalar.
 * Units:  angle in radians; result has none.
 * Method: as {@linkcode sin}, a quarter turn on.
 * Cost:   O(1); allocates nothing.
 * Special: NaN and infinities give NaN.
 * @example Usage
 * ```ts
 * if (cos(0) !== 1) throw new Error("not one");
 * ```
 */
export function cos(angle: number): number {
  return sinShifted(angle, 1);
}

/** The sine of a part of a full turn.
 * Shapes: scalar.
 * Units:  turns in full turns, 0 to 1; result has none.
 * Method: exact reduction to an eighth of a turn, then Taylor's series. Within 1.5 units in the
 *         last place.
 * Cost:   O(1); allocates nothing.
 * Special: quarter turns give exactly 0, 1, 0, -1.
 * @example Usage
 * ```ts
 * if (sinOfTurns(0.25) !== 1) throw new Error("not one");
 * ```
 */
export function sinOfTurns(turns: number): number {
  const quarter = Math.floor(4 * turns + 0.5);
  return sinOfQuarter((turns - quarter * 0.25) * (2 * Math.PI), quarter);
}

/** The cosine of a part of a full turn.
 * Shapes: scalar.
 * Units:  turns in full turns, 0 to 1; result has none.
 * Method: as {@linkcode sinOfTurns}, a quarter turn on.
 * Cost:   O(1); allocates nothing.
 * Special: quarter turns give exactly 1, 0, -1, 0.
 * @example Usage
 * ```ts
 * if (cosOfTurns(0.5) !== -1) throw new Error("not minus one");
 * ```
 */
export function cosOfTurns(turns: number): number {
  const quarter = Math.floor(4 * turns + 0.5);
  return sinOfQuarter((turns - quarter * 0.25) * (2 * Math.PI), quarter + 1);
}

/** The natural logarithm of a positive number.
 * Shapes: scalar.
 * Units:  none.
 * Method: x = 2^e m with m between the square roots of 1/2 and 2; e ln 2 + 2 artanh(t) with
 *         t = (m - 1) / (m + 1), by its series of degree 23. Within 2 units in the last place.
 * Cost:   O(1); allocates nothing.
 * Special: meant for positive, normal numbers only: 0, subnormal and negative numbers, NaN and
 *         infinities give nonsense.
 * @example Usage
 * ```ts
 * if (Math.abs(log(Math.E) - 1) > 3e-16) throw new Error("not one");
 * ```
 */
export function log(x: number): number {
  number[0] = x;
  const top = words[1]!;
  let exponent = (top >>> 20) - 1023;
  words[1] = (top & 0x000f_ffff) | 0x3ff0_0000;
  let m = number[0];
  if (m > Math.SQRT2) {
    m /= 2;
    exponent += 1;
  }
  const t = (m - 1) / (m + 1);
  const s = t * t;
  let sum = 1 / 23;
  for (let n = 21; n >= 3; n -= 2) sum = sum * s + 1 / n;
  return exponent * LN2_HIGH + (2 * t + (2 * t * s * sum + exponent * LN2_LOW));
}
