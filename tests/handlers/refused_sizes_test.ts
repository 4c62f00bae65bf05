import { assertEquals } from "@std/assert/equals.js";
import type { Limits } from "../../handlers/limits.ts";
import { declare, startCore } from "./mod.ts";
import { assertRefused, assertUnharmed, type Refusal } from "./refusals.ts";

const LIMITS: Partial<Limits> = {
  maxArrayBytes: 4000,
  maxSessionBytes: 10_000,
  maxTotalBytes: 15_000,
  maxJsonNumbers: 100,
};

const fill = (rows: number, arrays = "binary") => ({
  operation: "fill",
  params: { rows },
  arrays,
});

const REFUSALS: Refusal[] = [
  {
    title: "an input over the limit for one array",
    run: { operation: "echo", inputs: { values: declare(1, "uint8", [4001, 1]) } },
    code: "TOO_LARGE",
    message: "Cannot run 'echo': 'values' takes 4001 bytes, the limit is 4000",
    data: { array: "values", limit: 4000, came: 4001 },
  },
  {
    title: "an output over the limit for one array",
    run: fill(1001),
    code: "TOO_LARGE",
    message: "Cannot run 'fill': 'filled' takes 4004 bytes, the limit is 4000",
    data: { array: "filled", limit: 4000, came: 4004 },
  },
  {
    title: "an output that no machine has room for",
    run: fill(2 ** 40),
    code: "TOO_LARGE",
    message: `Cannot run 'fill': 'filled' takes ${2 ** 42} bytes, the limit is 4000`,
    data: { array: "filled", limit: 4000, came: 2 ** 42 },
  },
  {
    title: "a shape whose product is beyond all integers",
    run: {
      operation: "echo",
      inputs: { values: declare(1, "float64", [2 ** 52, 2 ** 52]) },
    },
    code: "TOO_LARGE",
    message: `Cannot run 'echo': 'values' takes ${2 ** 107} bytes, the limit is 4000`,
    data: { array: "values", limit: 4000, came: 2 ** 107 },
  },
  {
    title: "an output whose size only the run can tell",
    run: { operation: "grow", params: { rows: 334 }, arrays: "binary" },
    code: "TOO_LARGE",
    message: "Cannot run 'grow': output 'grown' takes 4008 bytes, the limit is 4000",
    data: { limit: 4000, came: 4008 },
  },
  {
    title: "plain numbers over the limit, in",
    run: { operation: "echo", inputs: { values: Array(101).fill([1]) } },
    code: "TOO_LARGE",
    message: "Cannot run 'echo': 'values' has 101 numbers as plain JSON, the limit is 100; " +
      "send it in binary frames",
    data: { input: "values", limit: 100, came: 101 },
  },
  {
    title: "plain numbers over the limit, out",
    run: fill(101, "json"),
    code: "TOO_LARGE",
    message: "Cannot answer 'filled' as plain JSON: it has 101 numbers, the limit is 100; " +
      'ask for "arrays": "binary"',
    data: { array: "filled", limit: 100, came: 101 },
  },
  {
    title: "plain numbers over the limit, out, as only the run can tell",
    run: { operation: "grow", params: { rows: 34 }, arrays: "json" },
    code: "TOO_LARGE",
    message: "Cannot answer 'grown' as plain JSON: it has 102 numbers, the limit is 100; " +
      'ask for "arrays": "binary"',
    data: { array: "grown", limit: 100, came: 102 },
  },
  {
    title: "empty rows without end, in plain JSON",
    run: {
      operation: "echo",
      inputs: { values: declare(1, "uint8", [2 ** 53 - 1, 0]) },
      arrays: "json",
    },
    code: "TOO_LARGE",
    message: `Cannot answer 'values' as plain JSON: it has ${2 ** 53 - 1} numbers, ` +
      'the limit is 100; ask for "arrays": "binary"',
    data: { array: "values", limit: 100, came: 2 ** 53 - 1 },
  },
];

Deno.test("jobs.run refuses sizes over the limits before it takes a byte", async (test) => {
  await using started = await startCore({ threads: 1, limits: LIMITS });
  const client = started.connect();
  for (const refusal of REFUSALS) {
    await test.step(refusal.title, async () => {
      assertRefused(await client.request("jobs.run", refusal.run), refusal);
      assertEquals(client.session.incoming.has(1), false);
      await assertUnharmed(client, [1, 2, 3]);
    });
  }
});

Deno.test("jobs.run refuses an answer too large for plain JSON before it computes it", async () => {
  await using started = await startCore({ threads: 1, limits: LIMITS });
  const client = started.connect();
  started.core.scheduler.submit = () => {
    throw new Error("The job was submitted");
  };
  const { error } = await client.request("jobs.run", fill(101, "json"));
  assertEquals(error?.data.code, "TOO_LARGE");
});

Deno.test("jobs.run refuses a job that can never fit into a session", async () => {
  await using started = await startCore({
    threads: 1,
    limits: { ...LIMITS, maxSessionBytes: 7000 },
  });
  const client = started.connect();
  const run = { operation: "echo", inputs: { values: declare(1, "uint8", [4000, 1]) } };
  assertRefused(await client.request("jobs.run", { ...run, arrays: "binary" }), {
    run: {},
    code: "TOO_LARGE",
    message: "Cannot run 'echo': its arrays take 8000 bytes, the limit is 7000",
    data: { limit: 7000, came: 8000 },
  });
  await assertUnharmed(client, [1]);
});

Deno.test("jobs.run takes what is exactly as large as the limits", async () => {
  await using started = await startCore({ threads: 1, limits: LIMITS });
  const client = started.connect();
  const { outputs } = await client.call("jobs.run", fill(1000));
  assertEquals((await client.arrays(outputs)).filled?.length, 1000);
  const plain = await client.call("jobs.run", fill(100, "json"));
  assertEquals(plain.outputs.filled.length, 100);
  const values = Array(50).fill([1, 2]);
  const echoed = await client.call("jobs.run", { operation: "echo", inputs: { values } });
  assertEquals(echoed.outputs.values, values);
  await assertUnharmed(client);
});
