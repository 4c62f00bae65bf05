import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { OutboardError } from "../../../workers/errors.ts";
import { fillUniform } from "../../../workers/kernels/random_vectors.ts";
import distanceToMesh from "../../../workers/operations/distance_to_mesh.ts";
import { printedSeed } from "../kernels/statistics.ts";
import {
  boxMesh,
  gridMesh,
  joined,
  type Mesh,
  pointsArray,
  trianglesArray,
} from "../mesh_shapes.ts";
import { runDirectly, type RunOptions } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";

const SIZE = [2, 1, 3] as const;
const BOX = boxMesh(SIZE);

function randomPoints(n: number, what: string): Float64Array {
  const points = new Float64Array(3 * n);
  const seed = printedSeed(what);
  fillUniform(points, { seed, start: 0, end: n, low: [-3, -3, -3], high: [3, 3, 3] });
  return points;
}

function given(points: ArrayLike<number>, mesh: Mesh) {
  return {
    points: pointsArray(points, "float64"),
    secondPoints: pointsArray(mesh.points),
    secondTriangles: trianglesArray(mesh.triangles),
  };
}

async function distances(
  points: ArrayLike<number>,
  mesh: Mesh,
  options: RunOptions = {},
): Promise<Float32Array> {
  const run = await runDirectly(distanceToMesh, { ...options, inputs: given(points, mesh) });
  const out = run.outputs.distances!;
  assertEquals([out.dtype, out.shape], ["float32", [points.length / 3]]);
  return out.data as Float32Array;
}

/** The signed distance to the box around the origin, in closed form. */
function toBox(point: ArrayLike<number>): number {
  const outside = SIZE.map((size, axis) => Math.abs(point[axis]!) - size / 2);
  return Math.hypot(...outside.map((x) => Math.max(x, 0))) + Math.min(Math.max(...outside), 0);
}

Deno.test("distance_to_mesh measures the closed form of a box, signed and not", async () => {
  const points = randomPoints(3000, "box");
  for (const signed of [false, true]) {
    const found = await distances(points, BOX, { params: { signed } });
    found.forEach((distance, i) => {
      const exact = toBox(points.subarray(3 * i, 3 * i + 3));
      const wanted = signed ? exact : Math.abs(exact);
      assert(Math.abs(distance - wanted) < 1e-6, `[${i}]: ${distance}, wanted ${wanted}`);
    });
  }
});

Deno.test("distance_to_mesh finds the sign beside sharp sides and corners", async () => {
  // A thin wedge: the nearest face alone would give the wrong sign beyond its sharp sides.
  const wedge: Mesh = {
    points: [0, 0, 0, 4, 0, 0, 0, 4, 0, 0.1, 0.1, 0.05],
    triangles: [0, 2, 1, 0, 1, 3, 1, 2, 3, 2, 0, 3],
  };
  const outside = [5, -0.1, 0.1, -0.2, -0.2, 0.1, 2.2, 2.2, 0.01, 0.1, 0.1, 0.2, -1, 5, -0.1];
  const inside = [0.2, 0.2, 0.01, 1, 1, 0.001];
  const found = await distances([...outside, ...inside], wedge, { params: { signed: true } });
  assertEquals([...found].map(Math.sign), [1, 1, 1, 1, 1, -1, -1]);
});

Deno.test("distance_to_mesh to a large plane is the height above it", async () => {
  const points = [0, 0, 0, 0.3, 0.1, 7, -2, 3, -1.5];
  assertEquals([...await distances(points, gridMesh(20, 100))], [0, 7, 1.5]);
});

Deno.test("distance_to_mesh is the same bytes in 1, 2 and 7 parts", async () => {
  const points = randomPoints(9001, "parts");
  const mesh = joined(gridMesh(30, 4), BOX);
  const whole = await distances(points, mesh);
  for (const parts of [2, 7]) assertSameBytes(await distances(points, mesh, { parts }), whole);
});

Deno.test("distance_to_mesh of no points gives an empty array", async () => {
  assertEquals((await distances([], BOX)).length, 0);
  assertEquals((await distances([], { points: [], triangles: [] })).length, 0);
});

Deno.test("distance_to_mesh leaves out triangles without area", async () => {
  const { points, triangles } = gridMesh(2, 2);
  const mesh = { points, triangles: [...triangles, 0, 0, 1, 2, 2, 2] };
  assertEquals([...await distances([0.1, 0.1, 2], mesh)], [2]);
});

const REFUSED: [string, Mesh, boolean, string][] = [
  ["an index beyond the points", { points: BOX.points, triangles: [0, 1, 8] }, false, "point 8"],
  ["a mesh of nothing", { points: [], triangles: [] }, false, "no triangle with an area"],
  ["a flat sliver", { points: [0, 0, 0, 1, 0, 0, 2, 0, 0], triangles: [0, 1, 2] }, false, "area"],
  ["an open mesh", gridMesh(1, 1), true, "only one triangle"],
  [
    "a triangle turned round",
    { ...BOX, triangles: [...BOX.triangles.slice(3), 0, 3, 2] },
    true,
    "more than one triangle runs the same way",
  ],
  [
    "slivers where the inside matters",
    { ...BOX, triangles: [...BOX.triangles, 0, 0, 1] },
    true,
    "1 of its triangles have no area",
  ],
];

for (const [what, mesh, signed, message] of REFUSED) {
  Deno.test(`distance_to_mesh refuses ${what}`, async () => {
    const run = () => distances([0, 0, 0], mesh, { params: { signed } });
    await assertRejects(run, OutboardError, message);
  });
}

Deno.test("distance_to_mesh refuses a negative index", async () => {
  const inputs = { ...given([0, 0, 0], BOX), secondTriangles: trianglesArray([0, 1, -2], "int32") };
  await assertRejects(() => runDirectly(distanceToMesh, { inputs }), OutboardError, "point -2");
});

Deno.test("distance_to_mesh looks at the cancel flag while it builds and while it measures", async () => {
  const mesh = gridMesh(100, 4);
  const points = randomPoints(30_000, "cancel");
  const { looks } = await runDirectly(distanceToMesh, { inputs: given(points, mesh) });
  for (const cancelAtLook of [1, 100, looks]) {
    const run = () => distances(points, mesh, { cancelAtLook });
    await assertRejects(run, OutboardError, "cancelled");
  }
});
