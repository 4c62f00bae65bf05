/** The largest distance between the distribution of `sample` and a distribution function (Kolmogorov and Smirnov). */
export function ksDistance(sample: Iterable<number>, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(sample).sort();
  const n = sorted.length;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const p = cdf(sorted[i]!);
    distance = Math.max(distance, p - i / n, (i + 1) / n - p);
  }
  return distance;
}

/** A right distribution goes beyond this in one of ten thousand samples of n: sqrt(-ln(0.00005) / 2n). */
export function ksLimit(n: number): number {
  return Math.sqrt(-Math.log(0.00005) / (2 * n));
}

/** The normal distribution function within 1e-7: Abramowitz and Stegun 26.2.17. */
export function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) *
    t * (0.31938153 +
      t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x < 0 ? tail : 1 - tail;
}

/** Every third number, from `axis` on. */
export function column(vectors: ArrayLike<number>, axis: number): number[] {
  return Array.from({ length: vectors.length / 3 }, (_, i) => vectors[3 * i + axis]!);
}

export function correlation(a: readonly number[], b: readonly number[]): number {
  const n = a.length;
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / n;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [x, y] = [a[i]! - ma, b[i]! - mb];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}

/** How many float32 numbers apart two numbers are. */
export function float32Steps(a: number, b: number): number {
  const [x, y] = new Int32Array(Float32Array.of(a, b).buffer);
  const order = (bits: number) => bits < 0 ? -(bits & 0x7fff_ffff) : bits;
  return Math.abs(order(x!) - order(y!));
}

/** A seed for a property that must hold for all; printed, so that a failure can be repeated. */
export function printedSeed(test: string): number {
  const seed = Math.floor(Math.random() * 2 ** 53);
  // deno-lint-ignore no-console
  console.log(`${test}: seed ${seed}`);
  return seed;
}
