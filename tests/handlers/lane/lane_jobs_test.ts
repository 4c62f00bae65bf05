import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import type { TypedArray } from "../../../workers/array.ts";
import { declare, type Json, OWN_OPERATIONS, type SessionClient, untilFree } from "../mod.ts";
import { assertRefused } from "../refusals.ts";
import { type LaneClient, startLaneCore } from "./lane_client.ts";

/** Enough to be split and to be read in several pieces; the last one is not full. */
const ROWS = 250_001;

function waves(length: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, index) => Math.sin(index));
}

/** Affine matrices: their last rows are 0, 0, 0, 1. */
function matrices(count: number): Float32Array<ArrayBuffer> {
  return waves(16 * count).map((value, index) => index % 16 < 12 ? value : Number(index % 16 > 14));
}

interface Job {
  operation: string;
  params: Json;
  inputs: Record<string, { data: TypedArray; shape: number[] }>;
}

const POINTS = { data: waves(3 * ROWS), shape: [ROWS, 3] };

const JOBS: Record<string, Job> = {
  "an operation that works row by row": {
    operation: "transform_points",
    params: { translation: [1, 2, 3], rotation: [0.1, 0.2, 0.3] },
    inputs: { points: POINTS },
  },
  "one of its inputs read by row, the other as a whole": {
    operation: "transform_points",
    params: {},
    inputs: { points: POINTS, matrices: { data: matrices(1), shape: [4, 4] } },
  },
  "an operation that needs all rows for each": {
    operation: "transform_objects",
    params: { pivot: "median", scale: [2, 2, 2], randomRotation: [1, 1, 1], seed: 5 },
    inputs: { matrices: { data: matrices(ROWS), shape: [ROWS, 4, 4] } },
  },
  "no inputs": { operation: "random_vectors", params: { count: ROWS, seed: 9 }, inputs: {} },
};

async function bySocket(client: SessionClient, { operation, params, inputs }: Job) {
  const declared = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }], id) => [name, declare(id, "float32", shape)]),
  );
  const answer = client.call("jobs.run", { operation, params, inputs: declared });
  Object.values(inputs).forEach(({ data }, id) => client.sendArray(id, data));
  return await client.arrays((await answer).outputs);
}

/** Puts the inputs one after the other; arrays need not begin at a cache line. */
async function byLane(client: LaneClient, { operation, params, inputs }: Job) {
  const [slot = 0] = client.slots;
  let offset = 8;
  const declared: Json = {};
  for (const [name, { data, shape }] of Object.entries(inputs)) {
    declared[name] = client.put(data, { slot, offset, shape });
    offset += data.byteLength;
  }
  const lane = { slot, offset };
  const { outputs } = await client.session.call("jobs.run", {
    operation,
    params,
    inputs: declared,
    lane,
  });
  assertEquals(client.session.chunkIds, [], "nothing has gone by the socket");
  return client.take(outputs);
}

for (const threads of [1, 3]) {
  for (const [title, job] of Object.entries(JOBS)) {
    Deno.test(`by the lane the same bytes come: ${title}, ${threads} threads`, async () => {
      await using started = await startLaneCore({
        threads,
        operations: OWN_OPERATIONS,
        limits: { maxArrayBytes: 2 ** 25, maxSessionBytes: 2 ** 27, maxTotalBytes: 2 ** 28 },
      });
      const other = started.connect();
      await other.hello();
      const wanted = await bySocket(other, job);
      const came = await byLane(await started.connectLane(), job);
      assertEquals(Object.keys(came), Object.keys(wanted));
      for (const [name, data] of Object.entries(wanted)) {
        assert(data.every((value, i) => Object.is(value, came[name]?.[i])), `'${name}' differs`);
      }
      await untilFree(started.core);
    });
  }
}

Deno.test("by the lane the first bad row is told, on any number of threads", async (test) => {
  const points = waves(3 * ROWS);
  points[3 * 200_000] = NaN;
  points[3 * 90_000 + 2] = Infinity;
  for (const threads of [1, 3]) {
    await test.step(`${threads} threads`, async () => {
      await using started = await startLaneCore({ threads, operations: OWN_OPERATIONS });
      const client = await started.connectLane();
      const [slot = 0] = client.slots;
      const reply = await client.session.request("jobs.run", {
        operation: "transform_points",
        inputs: { points: client.put(points, { slot, offset: 0, shape: [ROWS, 3] }) },
        lane: { slot, offset: points.byteLength },
      });
      assertRefused(reply, {
        run: {},
        code: "INVALID_VALUE",
        message: "Cannot run 'transform_points': 'points' must be finite, row 90000 holds Infinity",
        data: { input: "points", row: 90_000, came: "Infinity" },
      });
    });
  }
});

Deno.test("by the lane an input may come by frames, and one of no bytes by either", async () => {
  await using started = await startLaneCore({ threads: 1 });
  const client = await started.connectLane();
  const [slot = 0] = client.slots;
  const rows = 30_000;
  const answer = client.session.call("jobs.run", {
    operation: "echo",
    inputs: {
      values: client.put(waves(rows), { slot, offset: 0, shape: [rows, 1] }),
      weights: declare(1, "float32", [rows]),
    },
    lane: { slot, offset: 4 * rows },
  });
  client.session.sendArray(1, waves(rows));
  assertEquals(client.take((await answer).outputs).values, waves(rows));
  const empty = client.put(new Float32Array(0), { slot, offset: 2 ** 20, shape: [0, 3] });
  const { outputs } = await client.session.call("jobs.run", {
    operation: "echo",
    inputs: { values: empty },
  });
  assertEquals(outputs.values.$array.shape, [0, 3]);
});

Deno.test("outputs that are small, or for which the slot has no room, come by frames", async () => {
  await using started = await startLaneCore({ threads: 2 });
  const client = await started.connectLane();
  const [slot = 0] = client.slots;
  const enough = 2 ** 14;
  for (
    const { rows, offset, isPlaced } of [
      { rows: enough, offset: 0, isPlaced: true },
      { rows: enough - 1, offset: 0, isPlaced: false },
      { rows: enough, offset: client.slotBytes - 4 * enough, isPlaced: true },
      { rows: enough, offset: client.slotBytes - 4 * enough + 1, isPlaced: false },
      { rows: ROWS, offset: client.slotBytes, isPlaced: false },
    ]
  ) {
    const { outputs } = await client.session.call("jobs.run", {
      operation: "fill",
      params: { rows },
      lane: { slot, offset },
    });
    assertEquals("lane" in outputs.filled.$array, isPlaced, `${rows} rows at ${offset}`);
    const { filled } = isPlaced ? client.take(outputs) : await client.session.arrays(outputs);
    assertEquals(filled, Uint32Array.from({ length: rows }, (_, row) => row));
  }
});

Deno.test("outputs asked for as JSON do not go by the lane", async () => {
  await using started = await startLaneCore({ threads: 1 });
  const client = await started.connectLane();
  const [slot = 0] = client.slots;
  const { outputs } = await client.session.call("jobs.run", {
    operation: "fill",
    params: { rows: 2 },
    arrays: "json",
    lane: { slot, offset: 0 },
  });
  assertEquals(outputs, { filled: [0, 1] });
});
