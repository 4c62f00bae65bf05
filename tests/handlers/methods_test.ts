import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import { assertNotEquals } from "@std/assert/not_equals.js";
import {
  begunLatch,
  type Json,
  open,
  OWN_OPERATIONS,
  startCore,
  untilFree,
  untilRunning,
  WAIT_FOR_LATCH,
} from "./mod.ts";

Deno.test("session.hello tells everything that a client needs to know", async () => {
  await using started = await startCore();
  const client = started.connect();
  const hello = await client.hello();
  assertEquals(Object.keys(hello), [
    "protocol",
    "server",
    "session",
    "limits",
    "threads",
    "catalogue",
  ]);
  assertEquals(hello.protocol, 1);
  assertEquals(hello.server.name, "Outboard");
  assertEquals(hello.session, client.session.id);
  assertEquals(hello.limits, started.core.limits);
  assertEquals(hello.threads, 2);
  assertEquals(hello.catalogue, { revision: started.core.catalogue.revision });
});

const VERSIONS: { protocol: number; fix: string }[] = [
  { protocol: 0, fix: "update editor" },
  { protocol: 2, fix: "update the server" },
];

Deno.test("session.hello refuses another version with both versions and the fix", async (test) => {
  await using started = await startCore({ threads: 1 });
  for (const { protocol, fix } of VERSIONS) {
    await test.step(`protocol ${protocol}`, async () => {
      const client = started.connect();
      const { error } = await client.request("session.hello", {
        protocol,
        client: { name: "editor", version: "4.5" },
      });
      assertEquals(error?.data, { code: "UNSUPPORTED_VERSION", wanted: 1, came: protocol });
      const wanted = `Cannot speak protocol ${protocol} with editor 4.5: `;
      assert(error?.message.startsWith(wanted), error?.message);
      assert(error?.message.endsWith(`speaks protocol 1; ${fix}`), error?.message);
      assertEquals(client.session.client, undefined);
      await client.hello();
    });
  }
});

const NO_HELLO: Json[] = [
  {},
  { protocol: "1", client: { name: "a", version: "1" } },
  { protocol: 1 },
  { protocol: 1, client: { name: "a" } },
  { protocol: 1, client: { name: "a", version: "1", extra: 1 } },
  { protocol: 1, client: { name: "a".repeat(101), version: "1" } },
];

Deno.test("session.hello refuses another shape and names what is wrong", async (test) => {
  await using started = await startCore({ threads: 1 });
  for (const params of NO_HELLO) {
    await test.step(JSON.stringify(params).slice(0, 60), async () => {
      const client = started.connect();
      const { error } = await client.request("session.hello", params);
      assertEquals(error?.code, -32602);
      assert(error?.data.issues.length > 0);
      for (const issue of error?.data.issues ?? []) {
        assert(issue.path.match(/^(protocol|client)/), issue.path);
        assert(error?.message.includes(`'${issue.path}'`), error?.message);
      }
    });
  }
});

Deno.test("session.hello and server.ping let no control characters into the log", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  await client.call("session.hello", {
    protocol: 1,
    client: { name: "evil\u001b[2J", version: "1\r\n" },
  });
  await client.call("server.ping", { message: "\u001b]0;title\u0007\n\u009b31m" });
  const messages = started.logged.map(({ message }) => message ?? "");
  assertEquals(messages.length, 2);
  for (const message of messages) {
    // deno-lint-ignore no-control-regex
    assert(!/[\u0000-\u001f\u007f-\u009f]/.test(message), JSON.stringify(message));
  }
});

Deno.test("server.ping is answered while every worker is busy, and its message is logged", async () => {
  await using started = await startCore();
  const client = started.connect();
  await client.hello();
  const spins = ["one", "two", "three"].map((job) =>
    client.request("jobs.run", { operation: "spin", job })
  );
  await untilRunning(started.core, 2);
  const ping = await client.call("server.ping", { message: "are you there?" });
  assertEquals(Object.keys(ping), ["message", "uptimeSeconds", "threads", "jobs"]);
  assertEquals(ping.message, "are you there?");
  assertEquals(ping.threads, 2);
  assertEquals(ping.jobs, { queued: 1, running: 2 });
  assert(ping.uptimeSeconds > 0);
  const logged = started.logged.find(({ event }) => event === "ping");
  assertEquals(logged?.message, "test: are you there?");
  for (const job of ["one", "two", "three"]) {
    assertEquals(await client.call("jobs.cancel", { job }), { cancelled: true });
  }
  for (const { error } of await Promise.all(spins)) assertEquals(error?.data.code, "CANCELLED");
  await untilFree(started.core);
  // The threads were killed: both are there again.
  for (const rows of [1, 2]) await client.call("jobs.run", { operation: "fill", params: { rows } });
});

Deno.test("server.status lists sessions, threads, and jobs queued and running", async () => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  await client.hello();
  const stranger = started.connect();
  const run = (job: string) => client.request("jobs.run", { ...WAIT_FOR_LATCH, job });
  const jobs = [run("first"), run("second")];
  await begunLatch(client.session, "first");
  const status = await stranger.call("server.status");
  assertEquals(status.server.name, "Outboard");
  assertEquals(
    status.sessions.map(({ session, client, jobs }: Json) => ({ session, client, jobs })),
    [
      { session: client.session.id, client: { name: "test", version: "1" }, jobs: 2 },
      { session: stranger.session.id, client: null, jobs: 0 },
    ],
  );
  assert(status.sessions.every(({ connectedSeconds }: Json) => connectedSeconds >= 0));
  assertEquals(status.threads, [{ thread: 0, busy: true }]);
  for (const [state, job] of [["running", "first"], ["queued", "second"]] as const) {
    const [{ ageSeconds, ...shown }, ...others] = status.jobs[state];
    assertEquals(others, []);
    assertEquals(shown, { operation: "wait_for_latch", session: client.session.id, job });
    assert(ageSeconds >= 0 && ageSeconds < 30, `${ageSeconds}`);
  }
  // Two jobs of two int32 in and two int32 out.
  assertEquals(status.bytes.held, 2 * (8 + 8));
  assertEquals(status.limits, started.core.limits);
  assertEquals(status.catalogue, { revision: started.core.catalogue.revision });
  open(await begunLatch(client.session, "first"));
  open(await begunLatch(client.session, "second"));
  await Promise.all(jobs);
  await untilFree(started.core);
  const after = await stranger.call("server.status");
  assertEquals(after.jobs, { queued: [], running: [] });
  assertEquals(after.bytes.held, 0);
});

Deno.test("operations.list tells of every operation, and nothing of where its file is", async () => {
  await using started = await startCore({ threads: 1, operations: OWN_OPERATIONS });
  const client = started.connect();
  const { revision, operations } = await client.call("operations.list");
  assert(/^[0-9a-f]{16}$/.test(revision), revision);
  assertEquals(operations.map(({ name }: Json) => name), [
    "ambient_occlusion",
    "boolean_meshes",
    "build_navmesh",
    "displace_noise",
    "distance_to_mesh",
    "embed_points",
    "layout_graph",
    "random_vectors",
    "scatter_on_surface",
    "settle_objects",
    "simplify_mesh",
    "smooth_mesh",
    "transform_objects",
    "transform_points",
  ]);
  for (const operation of operations) {
    assertEquals(
      Object.keys(operation),
      ["name", "title", "description", "category", "params", "inputs", "outputs"],
    );
    assertEquals(operation.params.type, "object");
  }
  assert(!/file:|blob:/.test(JSON.stringify(operations)));
});

Deno.test("operations.list has another revision for other operations, the same for the same", async () => {
  const revisions: string[] = [];
  for (const setup of [{}, {}, { operations: OWN_OPERATIONS }]) {
    await using started = await startCore({ threads: 1, ...setup });
    revisions.push(started.core.catalogue.revision);
  }
  assertEquals(revisions[0], revisions[1]);
  assertNotEquals(revisions[0], revisions[2]);
});

const UNKNOWN: { method: string; params?: Json; code: number; says: string }[] = [
  { method: "jobs.stop", code: -32601, says: "Cannot call 'jobs.stop': the methods are" },
  { method: "toString", code: -32601, says: "Cannot call 'toString': the methods are" },
  { method: "", code: -32601, says: "Cannot call '': the methods are" },
  {
    method: "server.status",
    params: { all: true },
    code: -32602,
    says: "Cannot call 'server.status': 'all' is not a known key",
  },
  {
    method: "jobs.cancel",
    params: {},
    code: -32602,
    says: "Cannot call 'jobs.cancel': 'job' must be a string, got nothing",
  },
  {
    method: "jobs.cancel",
    params: { job: "" },
    code: -32602,
    says: "Cannot call 'jobs.cancel': 'job' must be at least 1 characters, got \"\"",
  },
  {
    method: "server.ping",
    params: { message: 7 },
    code: -32602,
    says: "Cannot call 'server.ping': 'message' must be a string, got 7",
  },
];

Deno.test("receiveText() refuses unknown methods and wrong parameters by name", async (test) => {
  await using started = await startCore({ threads: 1 });
  const client = started.connect();
  for (const { method, params, code, says } of UNKNOWN) {
    await test.step(`${method} ${JSON.stringify(params ?? {})}`, async () => {
      const { error } = await client.request(method, params);
      assertEquals(error?.code, code);
      assert(error?.message.startsWith(says), error?.message);
    });
  }
});
