import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertNotEquals } from "@std/assert/not_equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { OutboardError } from "../../../workers/errors.ts";
import layoutGraph from "../../../workers/operations/layout_graph.ts";
import { printedSeed } from "../kernels/statistics.ts";
import { pointsArray } from "../mesh_shapes.ts";
import { type GivenArray, runDirectly, type RunOptions } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";

interface Graph extends Omit<RunOptions, "inputs"> {
  points: number[];
  edges: number[];
  dtype?: "float32" | "float64";
}

async function laidOut({ points, edges, dtype = "float64", params = {}, ...rest }: Graph) {
  const run = await runDirectly(layoutGraph, {
    params: { seed: 3, ...params },
    inputs: { points: pointsArray(points, dtype), edges: edgesArray(edges) },
    ...rest,
  });
  const out = run.outputs.points!;
  assertEquals([out.dtype, out.shape], [dtype, [points.length / 3, 3]]);
  return { ...run, points: out.data as Float64Array };
}

function edgesArray(edges: number[], dtype: "uint32" | "int32" = "uint32"): GivenArray {
  return { dtype, shape: [edges.length / 2, 2], data: edges };
}

function between(points: ArrayLike<number>, i: number, j: number): number {
  return Math.hypot(...[0, 1, 2].map((axis) => points[3 * i + axis]! - points[3 * j + axis]!));
}

function assertNear(found: number, wanted: number, tolerance: number): void {
  assert(Math.abs(found - wanted) <= tolerance, `${found}, wanted ${wanted}`);
}

const ring = (n: number) => Array.from({ length: n }, (_, i) => [i, (i + 1) % n]).flat();
const zeros = (n: number) => Array(3 * n).fill(0);

Deno.test("layout_graph gives edges their length where nothing else pushes or pulls", async () => {
  const params = { repulsion: 0, pull: 0, edgeLength: 2.5, seed: printedSeed("tree") };
  const edges = [0, 1, 0, 2, 2, 3, 2, 4, 4, 5];
  const { points } = await laidOut({ points: zeros(6), edges, params });
  for (let e = 0; e < edges.length; e += 2) {
    assertNear(between(points, edges[e]!, edges[e + 1]!), 2.5, 1e-3);
  }
});

Deno.test("layout_graph holds two points where spring and repulsion are equal", async () => {
  // The spring (l - 30) / 2 against 30 / l: l = 15 + sqrt(285) where the edge's own length is 30.
  const params = { pull: 0, edgeLength: 3, seed: printedSeed("pair") };
  const { points } = await laidOut({ points: zeros(2), edges: [0, 1], params });
  assertNear(between(points, 0, 1), (15 + Math.sqrt(285)) / 10, 1e-3);
});

Deno.test("layout_graph makes a ring round, and flat if wanted", async () => {
  // An uneven ring at several heights, without a fold that it could be caught in.
  const uneven = [3, 0, 1, 1, 1, 2, -2, 2, 3, -3, 0, 1, -1, -3, 2, 1, -1, 3];
  const params = { flat: true, steps: 1000, start: "as_is", pull: 0 };
  const { points } = await laidOut({ points: uneven, edges: ring(6), params });
  const sides = [0, 1, 2, 3, 4, 5].map((i) => between(points, i, (i + 1) % 6));
  for (const side of sides) assertNear(side, sides[0]!, 0.01);
  for (let i = 0; i < 6; i++) {
    assertNear(points[3 * i + 2]!, 2, 1e-12);
    assertNear(between(points, i, (i + 3) % 6), 2 * sides[0]!, 0.02);
  }
});

Deno.test("layout_graph keeps the middle where it is", async () => {
  const given = [5, 6, 7, 6, 6, 7, 5, 9, 7, 8, 7, 7];
  for (const start of ["scattered", "as_is"]) {
    const { points } = await laidOut({ points: given, edges: ring(4), params: { start } });
    [6, 7, 7].forEach((wanted, axis) => {
      const sum = [0, 1, 2, 3].reduce((total, i) => total + points[3 * i + axis]!, 0);
      assertNear(sum / 4, wanted, 1e-9);
    });
  }
});

Deno.test("layout_graph moves points apart that begin in one place", async () => {
  const params = { start: "as_is" };
  const { points } = await laidOut({ points: zeros(3), edges: ring(3), params });
  for (const [i, j] of [[0, 1], [0, 2], [1, 2]] as const) assert(between(points, i, j) > 0.5);
});

Deno.test("layout_graph is the same by the same seed and another by another", async () => {
  const graph = { points: zeros(30), edges: ring(30) };
  const [one, again] = [await laidOut(graph), await laidOut(graph)];
  assertSameBytes(one.points, again.points);
  assertNotEquals((await laidOut({ ...graph, params: { seed: 4 } })).points, one.points);
});

Deno.test("layout_graph does without points, edges, and with one point", async () => {
  assertEquals((await laidOut({ points: [], edges: [] })).points.length, 0);
  assertEquals([...(await laidOut({ points: [1, 2, 3], edges: [], dtype: "float32" })).points], [
    1,
    2,
    3,
  ]);
});

Deno.test("layout_graph says what is wrong with an edge, and looks at the cancel flag", async () => {
  const cases: [number[], string][] = [
    [[0, 1, 1, 2], "edge 1: wanted points 0 to 1"],
    [[1, 1], "edge 0: wanted two different points"],
  ];
  for (const [edges, message] of cases) {
    await assertRejects(() => laidOut({ points: zeros(2), edges }), OutboardError, message);
  }
  const inputs = { points: pointsArray(zeros(2)), edges: edgesArray([0, -1], "int32") };
  const run = () => runDirectly(layoutGraph, { params: { seed: 0 }, inputs });
  await assertRejects(run, OutboardError, "got 0 and -1");
  const { looks, progress } = await laidOut({ points: zeros(4), edges: ring(4) });
  assertEquals([looks, progress.length, progress.at(-1)], [300, 300, 1]);
  const stopped = () => laidOut({ points: zeros(4), edges: ring(4), cancelAtLook: 7 });
  await assertRejects(stopped, OutboardError, "cancelled");
});
