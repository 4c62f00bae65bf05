import { deepEqual, ok, rejects } from "node:assert/strict";
import { runOperation } from "outboard/testing";
import operation from "./ripple.ts";

Deno.test("ripple lifts a point on a crest by the height", async () => {
  const { outputs } = await runOperation(operation, {
    params: { height: 2, wavelength: 4 },
    inputs: { points: [[1, 0, 5], [0, 0, 5]] },
  });
  deepEqual([...outputs.points.data], [1, 0, 7, 0, 0, 5]);
});

Deno.test("ripple gives the same in one part and in three", async () => {
  const inputs = { points: Array.from({ length: 100 }, (_, i) => [i, i / 2, 0]) };
  const whole = await runOperation(operation, { inputs });
  const parts = await runOperation(operation, { inputs, parts: 3 });
  deepEqual(parts.outputs.points.data, whole.outputs.points.data);
});

Deno.test("ripple tells how far it is, up to the end", async () => {
  const points = { shape: [50_000, 3], data: new Float32Array(150_000) };
  const { progress } = await runOperation(operation, { inputs: { points } });
  ok(progress.length > 1);
  ok(progress.at(-1)?.fraction === 1);
});

Deno.test("ripple refuses waves without a length", async () => {
  await rejects(
    () => runOperation(operation, { params: { wavelength: 0 }, inputs: { points: [] } }),
    /'wavelength' must be a number >= 0.001, got 0/,
  );
});
