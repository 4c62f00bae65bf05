import type { TypedArray } from "../array.ts";
import { OutboardError } from "../errors.ts";
import { type FloatArray, requireRows, type Vector3 } from "./float_array.ts";
import { STREAM } from "./philox.ts";
import { randomSequence } from "./random_sequence.ts";

interface Node {
  x: number;
  y: number;
  z: number;
}

/** What is used of npm:d3-force-3d, which has no types. */
interface Simulation {
  stop(): Simulation;
  tick(): void;
  alpha(): number;
  alphaDecay(part: number): Simulation;
  randomSource(random: () => number): Simulation;
  force(name: string, force: unknown): Simulation;
}

interface PullForce {
  strength(strength: number): PullForce;
}

interface D3Force3d {
  forceSimulation(nodes: Node[], dimensions: number): Simulation;
  forceLink(links: { source: number; target: number }[]): unknown;
  forceManyBody(): PullForce & { theta(theta: number): PullForce };
  forceX(x: number): PullForce;
  forceY(y: number): PullForce;
  forceZ(z: number): PullForce;
}

/** The length that the library's own constants are made for. */
const LIBRARY_LENGTH = 30;
/** Up to here every pair of points counts by itself; groups of far ones are taken together above. */
const FEW_POINTS = 300;
/** How hot the simulation is at its end, as in the library. */
const COLD = 0.001;

interface Options {
  /** (e, 2) indices of points. */
  edges: TypedArray;
  /** The length that edges shall have. */
  edgeLength: number;
  /** How hard points push each other away; 1 is the library's own measure. */
  repulsion: number;
  /** How hard points are drawn to the middle, 0 to 1. */
  pull: number;
  steps: number;
  /** Lay out in the XY plane. */
  flat: boolean;
  /** Begin with points in a random ball, instead of where they are. */
  scatter: boolean;
  /** 0 to 2^53 - 1. */
  seed: number;
}

/** Lays out a graph by forces: edges are springs, points push each other away.
 * Shapes: points (n, 3) float32 or float64; edges (e, 2) uint32 or int32; out (n, 3) float32 or
 *         float64, written.
 * Units:  lengths as in points; the mean of all points stays where it is.
 * Method: npm:d3-force-3d (MIT): velocity Verlet; springs with lengths; repulsion by Barnes and Hut
 *         1986, https://doi.org/10.1038/324446a0, exact up to 300 points; a pull to the middle. Heat falls from 1 to 0.001
 *         over all steps. All random numbers come from {@linkcode randomSequence}.
 * Cost:   O(steps (n log n + e)) time, 10 to 30 us per point and step; loading takes about 10 ms
 *         once per thread. Inputs are not modified unless out is points.
 * Special: n = 0 writes nothing; points in one place are moved apart; an edge may come twice.
 * @param onStep Called after every step with the part that is done; what it throws ends the run
 * @throws {OutboardError} INVALID_SHAPE if lengths do not agree
 * @throws {OutboardError} INVALID_VALUE if an edge names no point or one twice; `data.row` names it
 * @example Usage
 * ```ts
 * const options = { edgeLength: 2, repulsion: 0, pull: 0, flat: false, scatter: true, seed: 1 };
 * const out = new Float64Array(6);
 * const edges = Uint32Array.of(0, 1);
 * await layoutGraph(out, out, { edges, steps: 300, ...options }, () => {});
 * const length = Math.hypot(out[3]! - out[0]!, out[4]! - out[1]!, out[5]! - out[2]!);
 * if (Math.abs(length - 2) > 1e-6) throw new Error("not as long as wanted");
 * ```
 */
export async function layoutGraph(
  points: FloatArray,
  out: FloatArray,
  options: Options,
  onStep: (fraction: number) => void,
): Promise<void> {
  const { edgeLength, repulsion, pull, steps, flat, seed } = options;
  const n = points.length / 3;
  requireRows("the points", points, { width: 3, start: 0, end: Math.floor(n) });
  requireRows("the laid out points", out, { width: 3, start: 0, end: n });
  const links = linksOf(options.edges, n);
  if (n === 0) return;
  const d3 = await import("d3-force-3d") as unknown as D3Force3d;
  const middle = meanOf(points);
  const scale = LIBRARY_LENGTH / edgeLength;
  const random = randomSequence(seed, STREAM.layout);
  const nodes = Array.from({ length: n }, (_, i): Node => {
    if (options.scatter) return inBall(random, 10 * Math.cbrt(n), flat);
    return {
      x: scale * (points[3 * i]! - middle[0]),
      y: scale * (points[3 * i + 1]! - middle[1]),
      z: flat ? 0 : scale * (points[3 * i + 2]! - middle[2]),
    };
  });
  const charge = d3.forceManyBody().theta(n <= FEW_POINTS ? 0 : 0.9);
  // It starts a timer of its own, which is not wanted.
  const simulation = d3.forceSimulation(nodes, flat ? 2 : 3).stop()
    .randomSource(random)
    .alphaDecay(1 - COLD ** (1 / steps))
    .force("link", d3.forceLink(links))
    .force("charge", repulsion === 0 ? null : charge.strength(-30 * repulsion))
    .force("x", d3.forceX(0).strength(pull))
    .force("y", d3.forceY(0).strength(pull))
    .force("z", flat ? null : d3.forceZ(0).strength(pull));
  for (let step = 1; step <= steps; step++) {
    simulation.tick();
    onStep(step / steps);
  }
  write(out, nodes, { middle, scale });
}

function linksOf(edges: TypedArray, n: number): { source: number; target: number }[] {
  return Array.from({ length: edges.length / 2 }, (_, row) => {
    const [source, target] = [edges[2 * row]!, edges[2 * row + 1]!];
    const fault = (wanted: string): OutboardError =>
      new OutboardError(
        "INVALID_VALUE",
        `Cannot use edge ${row}: wanted ${wanted}, got ${source} and ${target}`,
        { row },
      );
    if (!(source >= 0 && source < n && target >= 0 && target < n)) {
      throw fault(n === 0 ? "no edges where there are no points" : `points 0 to ${n - 1}`);
    }
    if (source === target) throw fault("two different points");
    return { source, target };
  });
}

function meanOf(points: FloatArray): Vector3 {
  const sum = [0, 0, 0];
  points.forEach((x, i) => sum[i % 3]! += x);
  return sum.map((x) => x / (points.length / 3)) as unknown as Vector3;
}

/** A place in a ball, or a disc, by trying places in the cube around it. */
function inBall(random: () => number, radius: number, flat: boolean): Node {
  for (;;) {
    const [x, y, z] = [2 * random() - 1, 2 * random() - 1, flat ? 0 : 2 * random() - 1];
    if (x * x + y * y + z * z <= 1) return { x: radius * x, y: radius * y, z: radius * z };
  }
}

/** The nodes' places in the points' lengths, their mean where the points' was. */
function write(
  out: FloatArray,
  nodes: readonly Node[],
  { middle, scale }: { middle: Vector3; scale: number },
): void {
  const mean = meanOf(Float64Array.from(nodes.flatMap(({ x, y, z }) => [x, y, z])));
  nodes.forEach(({ x, y, z }, i) => {
    out[3 * i] = (x - mean[0]) / scale + middle[0];
    out[3 * i + 1] = (y - mean[1]) / scale + middle[1];
    out[3 * i + 2] = (z - mean[2]) / scale + middle[2];
  });
}
