/** The middle of some samples and how far they spread. */
export interface Summary {
  median: number;
  /** The quartiles, or the ends of a confidence interval where the figure says so. */
  low: number;
  high: number;
  samples: number[];
}

/** The value below which the share `q` of the samples lies, between neighbours in proportion. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) {
    throw new RangeError(`Cannot take a quantile: wanted samples and 0 <= q <= 1, got q = ${q}`);
  }
  return below + (above - below) * (at - Math.floor(at));
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** Median and quartiles. */
export function summarize(samples: readonly number[]): Summary {
  return {
    median: median(samples),
    low: quantile(samples, 0.25),
    high: quantile(samples, 0.75),
    samples: [...samples],
  };
}

/** Two-sided 95 % points of Student's t distribution, by degrees of freedom from 1 on. */
const T_95 = [
  ...[12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228],
  ...[2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086],
];
const T_95_MORE = 2.086;

/** How many stretches a series is cut into before its slope is taken. */
const STRETCHES = 12;

/**
 * The slope of y over x by least squares, with its 95 % confidence interval as `low` and `high`.
 *
 * Neighbours in a series of memory sizes are alike, which makes the usual interval far too narrow: the series is cut
 * into {@linkcode STRETCHES} stretches first, and the line is laid through their means.
 *
 * @throws {RangeError} For fewer than 3 points
 */
export function slope(xs: readonly number[], ys: readonly number[]): Summary {
  const count = Math.min(STRETCHES, xs.length);
  if (count < 3) {
    throw new RangeError(`Cannot lay a line: wanted 3 points or more, got ${xs.length}`);
  }
  const means = (values: readonly number[]): number[] =>
    Array.from({ length: count }, (_, k) => {
      const from = Math.floor(values.length * k / count);
      const to = Math.floor(values.length * (k + 1) / count);
      return mean(values.slice(from, to));
    });
  const [x, y] = [means(xs), means(ys)];
  const [middleX, middleY] = [mean(x), mean(y)];
  const spreadX = sum(x.map((value) => (value - middleX) ** 2));
  const steep = sum(x.map((value, k) => (value - middleX) * (y[k]! - middleY))) / spreadX;
  const rests = y.map((value, k) => value - middleY - steep * (x[k]! - middleX));
  const deviation = Math.sqrt(sum(rests.map((rest) => rest ** 2)) / (count - 2) / spreadX);
  const reach = (T_95[count - 3] ?? T_95_MORE) * deviation;
  return { median: steep, low: steep - reach, high: steep + reach, samples: [...ys] };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
