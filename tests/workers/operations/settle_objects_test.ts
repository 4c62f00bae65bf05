import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import { OutboardError } from "../../../workers/errors.ts";
import { composeMatrix } from "../../../workers/kernels/compose_matrix.ts";
import settleObjects from "../../../workers/operations/settle_objects.ts";
import { gridMesh, pointsArray, trianglesArray } from "../mesh_shapes.ts";
import { type GivenArray, runDirectly, type RunOptions } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";

const UNIT = [-0.5, -0.5, -0.5, 0.5, 0.5, 0.5];
type Triple = readonly [number, number, number];

function placed(translation: Triple, rotation: Triple = [0, 0, 0], scale: Triple = [1, 1, 1]) {
  return [...composeMatrix({ translation, rotation, scale, pivot: [0, 0, 0] })];
}

interface Options extends Omit<RunOptions, "inputs"> {
  bounds?: number[][];
  dtype?: "float32" | "float64";
  more?: Record<string, GivenArray>;
}

async function settled(objects: number[][], options: Options = {}): Promise<number[][]> {
  const { bounds = objects.map(() => UNIT), dtype = "float64", more = {}, ...rest } = options;
  const n = objects.length;
  const inputs: Record<string, GivenArray> = {
    matrices: { dtype, shape: [n, 4, 4], data: objects.flat() },
    bounds: { dtype: "float32", shape: [n, 2, 3], data: bounds.flat() },
    ...more,
  };
  const out = (await runDirectly(settleObjects, { ...rest, inputs })).outputs.matrices!;
  assertEquals([out.dtype, out.shape], [dtype, [n, 4, 4]]);
  return objects.map((_, row) => [...out.data.subarray(16 * row, 16 * row + 16)]);
}

function assertNear(found: number, wanted: number, tolerance: number, what = ""): void {
  assert(Math.abs(found - wanted) <= tolerance, `${what}: ${found}, wanted ${wanted}`);
}

const height = (matrix: number[]) => matrix[11]!;

Deno.test("settle_objects falls as far as steps of gravity add up to", async () => {
  const params = { ground: false, seconds: 1, stepsPerSecond: 100, gravity: 9.81 };
  const [matrix] = await settled([placed([3, -2, 50], [1, 2, 3], [1, 2, 3])], { params });
  // Speed first, place after, 8 times a step: n (n + 1) / 2 times g / n^2 in all, g / 2 for endless n.
  assertNear(height(matrix!), 50 - 9.81 / 2 * 801 / 800, 1e-4);
  assertNear(matrix![3]!, 3, 1e-6);
});

Deno.test("settle_objects stacks boxes at half heights above the ground", async () => {
  const objects = [placed([0, 0, 4]), placed([0, 0, 2.5]), placed([0, 0, 1])];
  const found = await settled(objects, { params: { groundHeight: -3, seconds: 20 } });
  [-0.5, -1.5, -2.5].forEach((wanted, i) => assertNear(height(found[i]!), wanted, 0.01, `${i}`));
});

Deno.test("settle_objects keeps size, mirroring and shear, and turns nothing inside out", async () => {
  const sheared = [1, 0.4, 0, 5, 0, 1, 0, 0, 0.3, 0, 1, 6, 0, 0, 0, 1];
  const objects = [placed([0, 0, 6], [0.5, 0.6, 0.7], [1, -2, 0.5]), sheared];
  const found = await settled(objects, { params: { seconds: 3 } });
  const gram = (m: number[], i: number, j: number) =>
    m[i]! * m[j]! + m[4 + i]! * m[4 + j]! + m[8 + i]! * m[8 + j]!;
  const volume = (m: number[]) =>
    m[0]! * (m[5]! * m[10]! - m[6]! * m[9]!) - m[1]! * (m[4]! * m[10]! - m[6]! * m[8]!) +
    m[2]! * (m[4]! * m[9]! - m[5]! * m[8]!);
  found.forEach((matrix, row) => {
    assert(height(matrix) < 2, "it has fallen");
    assertEquals(matrix.slice(12), [0, 0, 0, 1]);
    for (const [i, j] of [[0, 0], [1, 1], [2, 2], [0, 1], [0, 2], [1, 2]] as const) {
      assertNear(gram(matrix, i, j), gram(objects[row]!, i, j), 1e-9, `${row} ${i} ${j}`);
    }
    assertNear(volume(matrix), volume(objects[row]!), 1e-9, `${row}`);
  });
});

Deno.test("settle_objects knows bounds that are not around the origin, and thin ones", async () => {
  const bounds = [[2, 0, 1, 4, 2, 3], [-1, -1, 0, 1, 1, 0]];
  const found = await settled([placed([0, 0, 3]), placed([20, 0, 1])], { bounds });
  assertNear(height(found[0]!), -1, 0.02, "the lowest corner is 1 above the origin");
  assertNear(height(found[1]!), 0, 0.02, "a plane lies on the ground");
});

Deno.test("settle_objects lets a hull stand on its tip, where a box would lie higher", async () => {
  // A flat pyramid, base up: the hull tips over, its lowest point ends on the ground.
  const hull = [-0.5, -0.5, -0.5, 0.5, -0.5, -0.5, -0.5, 0.5, -0.5, 0.5, 0.5, -0.5, 0, 0, -0.3];
  const more: Record<string, GivenArray> = {
    hullPoints: pointsArray(hull),
    hullObjects: { dtype: "uint32", shape: [5], data: [0, 0, 0, 0, 0] },
  };
  const fixed: GivenArray = { dtype: "uint8", shape: [2], data: [0, 1] };
  const objects = [placed([0, 0, 3]), placed([0, 0, 0])];
  const [upper] = await settled(objects, { more: { ...more, fixed }, params: { ground: false } });
  assertNear(height(upper!), 1, 0.02, "its base lies on the box");
  const [alone] = await settled([placed([0, 0, 3], [Math.PI, 0, 0])], { more });
  assert(Math.abs(height(alone!) - 0.5) > 0.02, `a box would rest at 0.5, not ${height(alone!)}`);
});

Deno.test("settle_objects takes the box where a hull is flat, a line or a point", async () => {
  for (const hull of [[-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0], [0, 0, 0, 1, 0, 0], [0, 0, 0]]) {
    const more: Record<string, GivenArray> = {
      hullPoints: pointsArray(hull),
      hullObjects: {
        dtype: "uint32",
        shape: [hull.length / 3],
        data: hull.slice(0, hull.length / 3).fill(0),
      },
    };
    const [matrix] = await settled([placed([0, 0, 2])], { more });
    assertNear(height(matrix!), 0.5, 0.01);
  }
});

Deno.test("settle_objects lands on fixed objects, which do not move, and on a mesh", async () => {
  const fixed: GivenArray = { dtype: "uint8", shape: [2], data: [0, 1] };
  const objects = [placed([0, 0, 9]), placed([0.1, 0, 5.25])];
  const params = { ground: false };
  const onObject = await settled(objects, { params, more: { fixed } });
  assertNear(height(onObject[0]!), 6.25, 0.01);
  assertEquals(onObject[1], objects[1]);
  const { points, triangles } = gridMesh(4, 20, 7);
  const mesh = {
    obstaclePoints: pointsArray(points),
    obstacleTriangles: trianglesArray(triangles, "int32"),
  };
  const [onMesh] = await settled([objects[0]!], { params, more: mesh });
  assertNear(height(onMesh!), 7.5, 0.01);
});

Deno.test("settle_objects gives the same bytes again, near and far from the origin alike", async () => {
  const tower = (x: number) =>
    Array.from({ length: 20 }, (_, i) => placed([x + 0.2 * (i % 4), 0, 1 + 1.1 * i], [0, 0, i]));
  const params = { seconds: 3 };
  const [first, second] = [
    await settled(tower(0), { params }),
    await settled(tower(0), { params }),
  ];
  assertSameBytes(Float64Array.from(first.flat()), Float64Array.from(second.flat()));
  const [far] = await settled([placed([1e5, 0, 3])], { params });
  assertNear(height(far!), 0.5, 0.01);
  assertNear(far![3]!, 1e5, 0.01);
});

Deno.test("settle_objects reports progress, ends when all lie still, and is done with nothing", async () => {
  const inputs = {
    matrices: { dtype: "float32", shape: [1, 4, 4], data: placed([0, 0, 0.5]) },
    bounds: { dtype: "float32", shape: [1, 2, 3], data: UNIT },
  } as const;
  const given = {
    matrices: { ...inputs.matrices, shape: [1, 4, 4] },
    bounds: { ...inputs.bounds, shape: [1, 2, 3] },
  };
  const { progress, looks } = await runDirectly(settleObjects, {
    params: { seconds: 600 },
    inputs: given,
  });
  assert(progress.length > 10 && progress.at(-1)! < 0.1, `${progress.at(-1)}`);
  const run = () => runDirectly(settleObjects, { inputs: given, cancelAtLook: looks });
  await assertRejects(run, OutboardError, "cancelled");
  assertEquals(await settled([]), []);
  const still = placed([1, 2, 3]);
  assertEquals(await settled([still], { bounds: [[0, 0, 0, 0, 0, 0]] }), [still]);
});

Deno.test("settle_objects says what it cannot use", async () => {
  const box = placed([0, 0, 1]);
  const triangles = trianglesArray([0, 1, 2]);
  const cases: [string, number[], Options][] = [
    ["0 0 0 1", [...box.slice(0, 12), 1, 0, 0, 1], {}],
    ["lowest to the highest", box, { bounds: [[1, 1, 1, 0, 0, 0]] }],
    ["both its points and its triangles", box, { more: { obstacleTriangles: triangles } }],
    ["both their points", box, { more: { hullPoints: pointsArray([0, 0, 0]) } }],
    ["names point 2", box, {
      more: { obstaclePoints: pointsArray([0, 0, 0, 1, 0, 0]), obstacleTriangles: triangles },
    }],
    ["an object from 0 to 0, got 3", box, {
      more: {
        hullPoints: pointsArray([0, 0, 0]),
        hullObjects: { dtype: "int32", shape: [1], data: [3] },
      },
    }],
    ["a scale other than 0", placed([0, 0, 1], [0, 0, 0], [1, 1, 0]), {}],
    ["one that is flat", [1, 0.4, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], {
      bounds: [[-1, -1, 0, 1, 1, 0]],
    }],
  ];
  for (const [message, object, options] of cases) {
    await assertRejects(() => settled([object], options), OutboardError, message);
  }
});
