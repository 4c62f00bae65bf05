import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { z } from "zod";
import type { Operation } from "../../../workers/operation.ts";
import ambientOcclusion from "../../../workers/operations/ambient_occlusion.ts";
import booleanMeshes from "../../../workers/operations/boolean_meshes.ts";
import buildNavmesh from "../../../workers/operations/build_navmesh.ts";
import displaceNoise from "../../../workers/operations/displace_noise.ts";
import distanceToMesh from "../../../workers/operations/distance_to_mesh.ts";
import embedPoints from "../../../workers/operations/embed_points.ts";
import layoutGraph from "../../../workers/operations/layout_graph.ts";
import randomVectors from "../../../workers/operations/random_vectors.ts";
import scatterOnSurface from "../../../workers/operations/scatter_on_surface.ts";
import settleObjects from "../../../workers/operations/settle_objects.ts";
import simplifyMesh from "../../../workers/operations/simplify_mesh.ts";
import smoothMesh from "../../../workers/operations/smooth_mesh.ts";
import transformObjects from "../../../workers/operations/transform_objects.ts";
import transformPoints from "../../../workers/operations/transform_points.ts";

const OPERATIONS: [string, Operation][] = [
  ["ambient_occlusion", ambientOcclusion],
  ["boolean_meshes", booleanMeshes],
  ["build_navmesh", buildNavmesh],
  ["displace_noise", displaceNoise],
  ["distance_to_mesh", distanceToMesh],
  ["embed_points", embedPoints],
  ["layout_graph", layoutGraph],
  ["random_vectors", randomVectors],
  ["scatter_on_surface", scatterOnSurface],
  ["settle_objects", settleObjects],
  ["simplify_mesh", simplifyMesh],
  ["smooth_mesh", smoothMesh],
  ["transform_objects", transformObjects],
  ["transform_points", transformPoints],
];

type Node = Record<string, unknown>;

function jsonSchema(operation: Operation): Node {
  return z.toJSONSchema(operation.params, { io: "input" }) as Node;
}

/** Every parameter, those of the kinds of a union included, as [path, JSON Schema]. */
function* fields(schema: Node, path = ""): Generator<[string, Node]> {
  for (const [name, field] of Object.entries(schema.properties as Record<string, Node>)) {
    yield [path + name, field];
    for (const kind of (field.oneOf ?? []) as Node[]) {
      const { kind: { const: label } } = kind.properties as { kind: { const: string } };
      yield* fields(kind, `${path}${name}.${label}.`);
    }
  }
}

Deno.test("every parameter says in plain words what it is, as JSON Schema too", () => {
  for (const [name, operation] of OPERATIONS) {
    for (const [path, field] of fields(jsonSchema(operation))) {
      if ("const" in field) continue;
      const text = field.description as string | undefined;
      assert(text !== undefined && /^[A-Z].*[^.]$/.test(text), `${name}.${path}: ${text}`);
    }
  }
});

Deno.test("every parameter can be left out, except the kind of a distribution", () => {
  for (const [name, operation] of OPERATIONS) {
    for (const [path, field] of fields(jsonSchema(operation))) {
      const drawn = (field.outboard as { drawn?: boolean } | undefined)?.drawn === true;
      assert("default" in field || "const" in field || drawn, `${name}.${path}`);
    }
  }
});

Deno.test("units and subtypes survive as JSON Schema", () => {
  const found = Object.fromEntries(
    [...fields(jsonSchema(randomVectors))].map(([path, field]) => [path, field.outboard]),
  );
  assertEquals(found["seed"], { drawn: true });
  assertEquals(found["distribution.on_sphere.radius"], { unit: "length" });
  assertEquals(found["distribution.cone.angle"], { unit: "angle" });
  assertEquals(found["distribution.cone.axis"], { subtype: "direction" });
  for (const operation of [transformPoints, transformObjects]) {
    const { properties } = jsonSchema(operation) as { properties: Record<string, Node> };
    assertEquals(properties.rotation!.outboard, { unit: "angle", subtype: "euler" });
    assertEquals(properties.translation!.outboard, { unit: "length", subtype: "translation" });
  }
});

const REQUESTS: Record<string, { good: Node[]; bad: Node[] }> = {
  "boolean_meshes": {
    good: [{}, { operation: "union" }],
    bad: [{ operation: "xor" }, { operation: 1 }, { solver: "exact" }],
  },
  "displace_noise": {
    good: [{}, { strength: -1, scale: 1e-6, octaves: 16, gain: 0, direction: "free", seed: 0 }],
    bad: [{ scale: 0 }, { octaves: 0 }, { octaves: 1.5 }, { gain: 1.1 }, { direction: "up" }],
  },
  "scatter_on_surface": {
    good: [
      {},
      { distribution: { kind: "random" } },
      { distribution: { kind: "random", count: 0 }, variation: 1 },
      // A full turn as a float32 field has it.
      { distribution: { kind: "spaced", distance: 1e-6 }, turn: Math.fround(2 * Math.PI) },
    ],
    bad: [
      { distribution: { kind: "spaced", distance: 0 } },
      { distribution: { kind: "spaced", count: 3 } },
      { distribution: { kind: "random", count: -1 } },
      { turn: 7 },
      { variation: -0.1 },
    ],
  },
  "simplify_mesh": {
    good: [
      {},
      { target: { kind: "ratio", ratio: 0 }, lockBoundary: true },
      { target: { kind: "error" }, uvWeight: 0 },
    ],
    bad: [
      { target: { kind: "ratio", ratio: 1.5 } },
      { target: { kind: "error", ratio: 0.5 } },
      { lockBoundary: "yes" },
      { uvWeight: -1 },
    ],
  },
  "smooth_mesh": {
    good: [{}, { iterations: 0, lambda: 1, mu: 0, keepBoundary: false }],
    bad: [{ iterations: -1 }, { lambda: 1.1 }, { mu: 0.1 }, { mu: -2 }, { keepBoundary: 1 }],
  },
  "ambient_occlusion": {
    good: [{}, { samples: 1, distance: 0, offset: 0, seed: 3 }],
    bad: [{ samples: 0 }, { samples: 1.5 }, { distance: -1 }, { offset: -1 }, { seed: -1 }],
  },
  "build_navmesh": {
    good: [{}, { agentRadius: 0, step: 0, slope: Math.fround(Math.PI / 2) }],
    bad: [{ agentHeight: 0 }, { cellSize: 0 }, { slope: 1.6 }, { slope: -0.1 }],
  },
  "distance_to_mesh": { good: [{}, { signed: true }], bad: [{ signed: 1 }, { sign: true }] },
  "embed_points": {
    good: [{}, { neighbours: 2, minDistance: 0, epochs: 0, standardize: true, flat: true }],
    bad: [{ neighbours: 1 }, { minDistance: 1.1 }, { epochs: -1 }, { seed: 0.5 }],
  },
  "layout_graph": {
    good: [{}, { flat: true, start: "as_is", repulsion: 0, pull: 0, steps: 1 }],
    bad: [{ edgeLength: 0 }, { start: "random" }, { steps: 0 }, { pull: 2 }],
  },
  "random_vectors": {
    good: [
      {},
      { count: 10_000_000, seed: 2 ** 53 - 1, dtype: "float64" },
      { distribution: { kind: "uniform", low: [-1, -1, -1] } },
      { distribution: { kind: "normal", mean: [1, 2, 3] } },
      { distribution: { kind: "on_sphere" } },
      { distribution: { kind: "in_ball", radius: 0 } },
      // Half a turn as a float32 field has it.
      { distribution: { kind: "cone", axis: [1, 0, 0], angle: Math.fround(Math.PI) } },
    ],
    bad: [
      { count: 0 },
      { count: 10_000_001 },
      { count: 1.5 },
      { seed: -1 },
      { seed: 2 ** 53 },
      { dtype: "int32" },
      { dtyp: "float32" },
      { distribution: {} },
      { distribution: { kind: "levy" } },
      { distribution: { kind: "uniform", radius: 1 } },
      { distribution: { kind: "uniform", low: [0, 0] } },
      { distribution: { kind: "uniform", low: [0, 0, 0, 0] } },
      { distribution: { kind: "normal", standardDeviation: -1 } },
      { distribution: { kind: "on_sphere", radius: Infinity } },
      { distribution: { kind: "cone", angle: 3.2 } },
      { distribution: { kind: "cone", axis: [0, 0, NaN] } },
    ],
  },
  "transform_points": {
    good: [{}, {
      translation: [1, 2, 3],
      rotation: [-7, 0, 7],
      scale: [-1, 0, 2],
      pivot: [1, 1, 1],
    }],
    bad: [{ translation: 1 }, { scale: [1, 1] }, { pivot: "median" }, { rotation: ["0", 0, 0] }],
  },
  "settle_objects": {
    good: [{}, { seconds: 0, ground: false, gravity: -1, bounce: 1 }],
    bad: [{ seconds: -1 }, { stepsPerSecond: 60.5 }, { ground: 1 }, { bounce: 1.1 }],
  },
  "transform_objects": {
    good: [{}, { pivot: "own_origin", randomScale: [0.1, 0.1, 0.1], randomDistribution: "normal" }],
    bad: [
      { pivot: [0, 0, 0] },
      { randomScale: [-0.1, 0, 0] },
      { randomDistribution: "cauchy" },
      { seed: 0.5 },
    ],
  },
};

Deno.test("the schema that went through JSON accepts, refuses and fills in the same", () => {
  for (const [name, operation] of OPERATIONS) {
    const through = z.fromJSONSchema(JSON.parse(JSON.stringify(jsonSchema(operation))));
    const { good, bad } = REQUESTS[name]!;
    for (const request of good) {
      assertEquals(through.parse(request), operation.params.parse(request));
    }
    for (const request of bad) {
      const results = [operation.params, through].map((schema) =>
        schema.safeParse(request).success
      );
      assertEquals(results, [false, false], `${name} ${JSON.stringify(request)}`);
    }
  }
});

Deno.test("random_vectors refuses bounds the wrong way round and an axis without direction", () => {
  const cases: [Node, string][] = [
    [{ kind: "uniform", low: [0, 2, 0] }, "distribution.high"],
    [{ kind: "cone", axis: [0, 0, 0] }, "distribution.axis"],
  ];
  for (const [distribution, path] of cases) {
    const { error } = randomVectors.params.safeParse({ distribution });
    assertEquals(error?.issues.map((issue) => issue.path.join(".")), [path]);
  }
});

Deno.test("smooth_mesh refuses steps that would tear the mesh apart", () => {
  const refused = (request: Node) =>
    smoothMesh.params.safeParse(request).error?.issues.map((issue) => issue.path.join("."));
  assertEquals(refused({ lambda: 1, mu: -0.9 }), ["mu"]);
  assertEquals(refused({ lambda: 0.2, mu: -0.9, iterations: 100 }), ["mu"]);
  assertEquals(refused({ lambda: 0.2, mu: -0.9, iterations: 0 }), undefined);
  assertEquals(refused({ lambda: 0.33, mu: -0.34, iterations: 1000 }), undefined);
});
