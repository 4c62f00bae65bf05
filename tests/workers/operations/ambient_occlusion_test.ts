import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertNotEquals } from "@std/assert/not_equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { OutboardError } from "../../../workers/errors.ts";
import ambientOcclusion from "../../../workers/operations/ambient_occlusion.ts";
import { printedSeed } from "../kernels/statistics.ts";
import {
  boxMesh,
  gridMesh,
  joined,
  type Mesh,
  pointsArray,
  trianglesArray,
} from "../mesh_shapes.ts";
import { type GivenArray, runDirectly, type RunOptions } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";

function given({ points, triangles }: Mesh): Record<string, GivenArray> {
  return { points: pointsArray(points), triangles: trianglesArray(triangles) };
}

async function occlusion(
  mesh: Mesh,
  params: Record<string, unknown> = {},
  options: RunOptions = {},
): Promise<Float32Array> {
  const seeded = { seed: 1, ...params };
  const run = await runDirectly(ambientOcclusion, {
    inputs: given(mesh),
    ...options,
    params: seeded,
  });
  const out = run.outputs.occlusion!;
  assertEquals([out.dtype, out.shape], ["float32", [mesh.points.length / 3]]);
  return out.data as Float32Array;
}

/** The middle of a small square below a large one, the height above it being 1. */
const MIDDLE = 4;
const under = (size: number) => joined(gridMesh(2, 0.01), gridMesh(1, size, 1));

/** How much of the light a square of side 2 a, centred 1 above, takes away: the view factor in closed form. */
function viewFactor(a: number): number {
  const root = Math.sqrt(1 + a * a);
  return 4 / (2 * Math.PI) * 2 * (a / root) * Math.atan(a / root);
}

Deno.test("ambient_occlusion under a square is its view factor", async () => {
  const seed = printedSeed("square");
  for (const size of [1, 2, 6]) {
    const params = { samples: 4096, distance: 0, seed };
    const found = (await occlusion(under(size), params))[MIDDLE]!;
    const wanted = 1 - viewFactor(size / 2);
    assert(Math.abs(found - wanted) < 0.01, `${size}: ${found}, wanted ${wanted}`);
  }
});

Deno.test("ambient_occlusion counts surfaces within the distance only", async () => {
  // Rays reach a plane at height 1 within 2 if their height over length is above 1/2: part 1 - 1/4.
  const params = { samples: 4096, distance: 2, seed: printedSeed("distance") };
  const found = (await occlusion(under(1000), params))[MIDDLE]!;
  assert(Math.abs(found - 0.25) < 0.01, `${found}`);
  assertEquals((await occlusion(under(1000), { distance: 0.9 }))[MIDDLE], 1);
});

Deno.test("ambient_occlusion in a right-angled fold is 1 - cos 45", async () => {
  // Floor and wall meet along the Y axis; points 2 and 3 are far from the fold's ends.
  const points = [0, -1e4, 0, 0, 1e4, 0, 0, -1, 0, 0, 1, 0, 1e4, 0, 0, 0, 0, 1e4];
  const floor = [0, 4, 2, 2, 4, 3, 3, 4, 1];
  const wall = [0, 2, 5, 2, 3, 5, 3, 1, 5];
  const params = { samples: 4096, distance: 0, seed: printedSeed("fold") };
  const found = await occlusion({ points, triangles: [...floor, ...wall] }, params);
  for (const row of [2, 3]) {
    assert(Math.abs(found[row]! - Math.SQRT1_2) < 0.01, `${row}: ${found[row]}`);
  }
});

Deno.test("ambient_occlusion is 1 outside a box and 0 inside it", async () => {
  const box = boxMesh([2, 2, 2]);
  assertEquals([...await occlusion(box, { distance: 0 })], Array(8).fill(1));
  const normals = pointsArray(box.points.map((x) => -x));
  const inside = await occlusion(box, { distance: 0 }, { inputs: { ...given(box), normals } });
  assertEquals([...inside], Array(8).fill(0));
});

Deno.test("ambient_occlusion is within 0 and 1, and alike where the mesh is alike", async () => {
  const mesh = joined(gridMesh(4, 4), boxMesh([1, 1, 1]));
  const found = await occlusion(mesh, { samples: 4096, distance: 3, seed: printedSeed("alike") });
  found.forEach((x) => assert(x >= 0 && x <= 1, `${x}`));
  // A quarter turn about Z maps grid point (i, j) to (j, 4 - i).
  for (let i = 0; i <= 4; i++) {
    for (let j = 0; j <= 4; j++) {
      const [here, there] = [found[5 * i + j]!, found[5 * j + 4 - i]!];
      assert(Math.abs(here - there) < 0.02, `(${i}, ${j}): ${here}, ${there}`);
    }
  }
});

Deno.test("ambient_occlusion is the same by the same seed, in any parts", async () => {
  const mesh = joined(gridMesh(30, 4), gridMesh(3, 1, 0.2));
  const whole = await occlusion(mesh, { samples: 9 });
  for (const parts of [2, 7]) {
    assertSameBytes(await occlusion(mesh, { samples: 9 }, { parts }), whole);
  }
  assertNotEquals(await occlusion(mesh, { samples: 9, seed: 2 }), whole);
});

Deno.test("ambient_occlusion of nothing is empty, of loose points open", async () => {
  assertEquals((await occlusion({ points: [], triangles: [] })).length, 0);
  const loose = { points: [0, 0, 0, 1, 0, 0, 2, 0, 0], triangles: [0, 1, 2] };
  assertEquals([...await occlusion(loose)], [1, 1, 1]);
});

Deno.test("ambient_occlusion refuses an index out of range and looks at the cancel flag", async () => {
  const bad = { points: [0, 0, 0], triangles: [0, 0, 1] };
  await assertRejects(() => occlusion(bad), OutboardError, "triangle 0 names point 1");
  const mesh = gridMesh(60, 1);
  const { looks } = await runDirectly(ambientOcclusion, {
    params: { seed: 0 },
    inputs: given(mesh),
  });
  for (const cancelAtLook of [1, looks]) {
    await assertRejects(() => occlusion(mesh, {}, { cancelAtLook }), OutboardError, "cancelled");
  }
});
