/** The operations that wrap packages, through the pool: what they load must load in a thread too. */
import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import type { TypedArray } from "../../../workers/array.ts";
import type { AnyOperation } from "../../../workers/operation.ts";
import ambientOcclusion from "../../../workers/operations/ambient_occlusion.ts";
import buildNavmesh from "../../../workers/operations/build_navmesh.ts";
import distanceToMesh from "../../../workers/operations/distance_to_mesh.ts";
import embedPoints from "../../../workers/operations/embed_points.ts";
import layoutGraph from "../../../workers/operations/layout_graph.ts";
import settleObjects from "../../../workers/operations/settle_objects.ts";
import {
  declare,
  OWN_OPERATIONS,
  type SessionClient,
  startCore,
  until,
  untilFree,
} from "../../handlers/mod.ts";
import { gridMesh, joined, pointsArray, trianglesArray } from "../mesh_shapes.ts";
import { type GivenArray, runDirectly } from "../run_directly.ts";
import { assertSameBytes } from "../same_bytes.ts";

type Inputs = Record<string, GivenArray>;

interface Case {
  operation: AnyOperation;
  params: Record<string, unknown>;
  inputs: Inputs;
  /** What takes long enough to be cancelled in the middle. */
  long: { params?: Record<string, unknown>; inputs: Inputs };
}

function distanceInputs(cells: number): Inputs {
  const mesh = joined(gridMesh(cells, 4), gridMesh(cells, 4, 1));
  return {
    points: pointsArray(gridMesh(cells, 3, 0.4).points),
    secondPoints: pointsArray(mesh.points),
    secondTriangles: trianglesArray(mesh.triangles),
  };
}

function meshInputs(cells: number): Inputs {
  const { points, triangles } = joined(gridMesh(cells, 4), gridMesh(3, 2, 0.3));
  return { points: pointsArray(points), triangles: trianglesArray(triangles) };
}

/** Towers of boxes, each a little askew. */
function settleInputs(n: number): Inputs {
  const matrices = Array.from({ length: n }, (_, i) => {
    const [x, y, z] = [1.5 * (i % 10), 0.1 * (i % 3), 1 + 1.2 * Math.floor(i / 10)];
    return [0.8, -0.6, 0, x, 0.6, 0.8, 0, y, 0, 0, 1, z, 0, 0, 0, 1];
  });
  const bounds = matrices.map(() => [-0.5, -0.5, -0.5, 0.5, 0.5, 0.5]);
  return {
    matrices: { dtype: "float64", shape: [n, 4, 4], data: matrices.flat() },
    bounds: { dtype: "float32", shape: [n, 2, 3], data: bounds.flat() },
  };
}

function graphInputs(n: number): Inputs {
  const edges = Array.from({ length: n }, (_, i) => [i, (7 * i + 1) % n]).filter(([a, b]) =>
    a !== b
  );
  return {
    points: pointsArray(new Float32Array(3 * n)),
    edges: { dtype: "uint32", shape: [edges.length, 2], data: edges.flat() },
  };
}

function tableInputs(n: number): Inputs {
  const data = Float64Array.from({ length: 8 * n }, (_, i) => Math.sin(i * i));
  return { values: { dtype: "float64", shape: [n, 8], data } };
}

const CASES: Record<string, Case> = {
  "ambient_occlusion": {
    operation: ambientOcclusion,
    params: { seed: 7 },
    inputs: meshInputs(20),
    long: { params: { samples: 4096 }, inputs: meshInputs(100) },
  },
  "build_navmesh": {
    operation: buildNavmesh,
    params: {},
    inputs: meshInputs(20),
    long: { params: { cellSize: 0.002, agentRadius: 0.01 }, inputs: meshInputs(100) },
  },
  "distance_to_mesh": {
    operation: distanceToMesh,
    params: {},
    inputs: distanceInputs(40),
    long: { inputs: distanceInputs(400) },
  },
  "embed_points": {
    operation: embedPoints,
    params: { seed: 7, epochs: 20 },
    inputs: tableInputs(200),
    long: { params: { epochs: 100_000 }, inputs: tableInputs(2000) },
  },
  "layout_graph": {
    operation: layoutGraph,
    params: { seed: 7, steps: 50 },
    inputs: graphInputs(200),
    long: { params: { steps: 100_000 }, inputs: graphInputs(2000) },
  },
  "settle_objects": {
    operation: settleObjects,
    params: { seconds: 2 },
    inputs: settleInputs(30),
    long: { params: { seconds: 600, bounce: 1 }, inputs: settleInputs(300) },
  },
};

const VIEWS = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  uint8: Uint8Array,
};

let nextId = 0;

/** Asks for a job with its arrays in binary. */
function ask(
  client: SessionClient,
  operation: string,
  { params = {}, inputs, job }: { params?: Case["params"]; inputs: Inputs; job?: string },
) {
  const arrays = Object.entries(inputs).map(([name, given]) => ({ name, id: nextId++, ...given }));
  const answer = client.request("jobs.run", {
    operation,
    params,
    inputs: Object.fromEntries(
      arrays.map(({ name, id, dtype, shape }) => [name, declare(id, dtype, shape)]),
    ),
    ...(job === undefined ? {} : { job }),
  });
  for (const { id, dtype, data } of arrays) {
    client.sendArray(id, VIEWS[dtype].from(data) as TypedArray);
  }
  return answer;
}

for (const [name, { operation, params, inputs, long }] of Object.entries(CASES)) {
  Deno.test(`${name} gives the same bytes through the pool, and is stopped in the middle`, async () => {
    await using started = await startCore({ threads: 2, operations: OWN_OPERATIONS });
    const client = started.connect();
    await client.hello();
    const { result, error } = await ask(client, name, { params, inputs });
    assertEquals(error, undefined);
    const pooled = await client.arrays(result.outputs);
    const direct = await runDirectly(operation, { params, inputs });
    for (const [output, { data }] of Object.entries(direct.outputs)) {
      assertSameBytes(pooled[output]!, data);
    }
    const stopped = ask(client, name, { ...long, job: "long" });
    const begun = () => client.notifications("jobs.progress").some(({ job }) => job === "long");
    await until(begun, "the long job reports progress");
    assertEquals(await client.call("jobs.cancel", { job: "long" }), { cancelled: true });
    const told = performance.now();
    assertEquals((await stopped).error?.data.code, "CANCELLED");
    await untilFree(started.core);
    // 100 ms of grace, and what it takes to start another thread where many share two cores.
    assert(performance.now() - told < 1500, `free after ${performance.now() - told} ms`);
    assertEquals((await ask(client, name, { params, inputs })).error, undefined);
  });
}
