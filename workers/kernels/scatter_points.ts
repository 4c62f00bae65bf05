import { BATCH, drawBlock, STREAM, unit } from "./philox.ts";
import { SpacedPoints } from "./spaced_points.ts";
import { emptySamples, type Samples, sampleSurface, type Surface } from "./surface_samples.ts";

/** Scattered points: where they are, and the index under which each was drawn. */
export interface Scattered {
  samples: Samples;
  indices: Uint32Array;
}

/** Points that are tried for each that is kept: enough to fill nine tenths of the room there is. */
const TRIES = 20;
/** Tried at least, however few are kept. */
const FEWEST_TRIES = 2000;
/** What fits on a surface of 1 at a distance of 1: random packing, Feder 1980. */
const PACKING = 0.7;

/** About how many points fit on an area. */
export function expectedCount(area: number, distance: number): number {
  return PACKING * area / (distance * distance);
}

/** Scatters points on a surface that keep a distance to each other, and thins them by density.
 * Shapes: returns k samples and (k,) uint32 indices; yields how far it is, 0 to 1.
 * Units:  distance in those of the surface's points.
 * Method: dart throwing (Cook 1986, "Stochastic sampling in computer graphics",
 *         https://doi.org/10.1145/7529.8927): points of {@linkcode sampleSurface} are taken in
 *         order unless one is too near, until twenty were tried for each that was taken. Distances
 *         are straight lines through space. Where the surface has a density, each point taken stays
 *         with the chance density / highest density, so that what stays keeps its distance.
 * Cost:   about 20 tries per point of some 300 ns each, and 70 bytes per point.
 * Special: a surface without area gives none; so does a density of 0 throughout.
 * @example Usage
 * ```ts
 * import { weighSurface } from "./surface_samples.ts";
 * const points = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0);
 * const surface = weighSurface(points, Uint32Array.of(0, 1, 2));
 * const steps = scatterSpaced(surface, { seed: 1, distance: 3 });
 * let step = steps.next();
 * while (!step.done) step = steps.next();
 * if (step.value.indices.length !== 1) throw new Error("not one point");
 * ```
 */
export function* scatterSpaced(
  surface: Surface,
  { seed, distance }: { seed: number; distance: number },
): Generator<number, Scattered> {
  const spaced = new SpacedPoints(distance);
  const expected = expectedCount(surface.area, distance);
  const batch = emptySamples(BATCH);
  const kept: { index: number; triangle: number; density: number }[] = [];
  let tried = 0;
  while (surface.area > 0 && tried < TRIES * spaced.count + FEWEST_TRIES) {
    sampleSurface(surface, batch, { seed, first: tried, at: 0, count: BATCH });
    for (let i = 0; i < BATCH; i++) {
      const { positions } = batch;
      if (!spaced.add(positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!)) continue;
      const index = tried + i;
      kept.push({ index, triangle: batch.triangles[i]!, density: batch.densities[i]! });
    }
    tried += BATCH;
    yield tried / (TRIES * Math.max(expected, spaced.count) + FEWEST_TRIES);
  }
  let highest = surface.density === undefined ? 1 : 0;
  for (const value of surface.density ?? []) highest = Math.max(highest, value);
  const stays = kept.map(({ index, density }) => {
    const [high, low] = drawBlock({ seed, stream: STREAM.scatter, draw: 2, index, retry: 0 });
    return unit(high, low) * highest < density;
  });
  const rows = kept.map((_, row) => row).filter((row) => stays[row]);
  const samples = emptySamples(rows.length);
  rows.forEach((row, to) => {
    samples.positions.set(spaced.positions.subarray(3 * row, 3 * row + 3), 3 * to);
    samples.triangles[to] = kept[row]!.triangle;
    samples.densities[to] = kept[row]!.density;
  });
  return { samples, indices: Uint32Array.from(rows, (row) => kept[row]!.index) };
}

/** Scatters a number of points on a surface, each on its own.
 * Shapes: returns count samples and (count,) uint32 indices; yields how far it is, 0 to 1.
 * Units:  those of the surface's points.
 * Method: {@linkcode sampleSurface}, batch by batch.
 * Cost:   O(count) time, about 200 ns per point; allocates 44 bytes per point.
 * Special: a surface whose last sum is 0 gives none.
 * @example Usage
 * ```ts
 * import { weighSurface } from "./surface_samples.ts";
 * const points = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0);
 * const surface = weighSurface(points, Uint32Array.of(0, 1, 2));
 * const steps = scatterFreely(surface, { seed: 1, count: 7 });
 * let step = steps.next();
 * while (!step.done) step = steps.next();
 * if (step.value.indices.length !== 7) throw new Error("not seven");
 * ```
 */
export function* scatterFreely(
  surface: Surface,
  { seed, count: wanted }: { seed: number; count: number },
): Generator<number, Scattered> {
  const count = (surface.sums.at(-1) ?? 0) > 0 ? wanted : 0;
  const samples = emptySamples(count);
  const size = 16 * BATCH;
  for (let first = 0; first < count; first += size) {
    const part = Math.min(size, count - first);
    sampleSurface(surface, samples, { seed, first, at: first, count: part });
    yield (first + part) / count;
  }
  return { samples, indices: Uint32Array.from({ length: count }, (_, index) => index) };
}
