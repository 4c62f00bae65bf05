import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import { NAME, VERSION } from "../../handlers/version.ts";
import type { Json } from "../handlers/client.ts";
import { OWN_OPERATIONS, untilFree, untilRunning } from "../handlers/mod.ts";
import { startServer } from "./started_server.ts";

Deno.test("GET /healthz answers without a token and says nothing but that it lives", async () => {
  await using started = await startServer({ threads: 1 });
  const answer = await fetch(`http://${started.host}/healthz`);
  assertEquals(answer.status, 200);
  assertEquals(await answer.text(), "ok\n");
});

Deno.test("GET /readyz runs something on every thread", async () => {
  await using started = await startServer({ threads: 2 });
  const answer = await started.fetch("/readyz");
  assertEquals(answer.status, 200);
  assertEquals(await answer.json(), {
    ready: true,
    threads: [
      { thread: 0, answered: true, busy: false },
      { thread: 1, answered: true, busy: false },
    ],
  });
});

Deno.test("GET /readyz answers 503 within a second and names the thread that did not answer", async () => {
  await using started = await startServer({ threads: 2 });
  const client = await started.connect();
  const spin = client.request("jobs.run", { operation: "spin", job: "spinning" });
  await untilRunning(started.server.core, 1);
  const [busy] = started.server.core.scheduler.pool.busy;
  const asked = performance.now();
  const answer = await started.fetch("/readyz");
  const took = performance.now() - asked;
  assertEquals(answer.status, 503);
  assertEquals(await answer.json(), {
    ready: false,
    threads: [
      { thread: 0, answered: !busy, busy },
      { thread: 1, answered: busy, busy: !busy },
    ],
  });
  assert(took > 900 && took < 2000, `${took} ms`);
  await client.call("jobs.cancel", { job: "spinning" });
  assertEquals((await spin).error?.data.code, "CANCELLED");
  await untilFree(started.server.core);
  const again = await started.fetch("/readyz");
  assertEquals((await again.json()).ready, true);
});

Deno.test("GET /operations is the catalogue with an ETag", async () => {
  await using started = await startServer({ threads: 1, operations: OWN_OPERATIONS });
  const answer = await started.fetch("/operations");
  assertEquals(answer.status, 200);
  assertEquals(answer.headers.get("content-type"), "application/json");
  const client = await started.connect();
  assertEquals(await answer.json(), await client.call("operations.list"));
  const etag = answer.headers.get("etag") ?? "";
  assert(/^"[^"]+"$/.test(etag), etag);
  for (const known of [etag, `"other", ${etag}`, "*"]) {
    const unchanged = await started.fetch("/operations", { headers: { "if-none-match": known } });
    assertEquals(unchanged.status, 304);
    assertEquals(unchanged.headers.get("etag"), etag);
    assertEquals(await unchanged.text(), "");
  }
  const changed = await started.fetch("/operations", { headers: { "if-none-match": '"other"' } });
  assertEquals(changed.status, 200);
  assertEquals(await changed.json(), await client.call("operations.list"));
});

Deno.test("GET / is a page that says what this is and how to connect", async () => {
  await using started = await startServer({ threads: 1 });
  const answer = await started.fetch("/", { headers: { accept: "text/html" } });
  assertEquals(answer.status, 200);
  assertEquals(answer.headers.get("content-type"), "text/html; charset=utf-8");
  const page = await answer.text();
  for (const said of [NAME, VERSION, "Blender", "/ws", "Connect", "operations.list"]) {
    assert(page.includes(said), said);
  }
});

Deno.test("GET / without a token is 401: a page for a browser, JSON for a program", async () => {
  await using started = await startServer({ threads: 1 });
  const ask = (accept: string) => fetch(`http://${started.host}/`, { headers: { accept } });
  const page = await ask("text/html,application/xhtml+xml,*/*;q=0.8");
  assertEquals(page.status, 401);
  assertEquals(page.headers.get("content-type"), "text/html; charset=utf-8");
  const text = await page.text();
  assert(text.includes("Connect"));
  assert(!text.includes(VERSION), "a stranger is not told the version");
  const json = await ask("application/json");
  assertEquals(json.status, 401);
  assertEquals(json.headers.get("www-authenticate"), "Bearer");
  assertEquals((await json.json()).error.code, "UNAUTHORIZED");
  const any = await ask("*/*");
  assertEquals(any.status, 401);
  assertEquals((await any.json()).error.code, "UNAUTHORIZED");
});

const REFUSED: { method: string; path: string; status: number; error: Json; allow?: string }[] = [
  {
    method: "GET",
    path: "/nothing",
    status: 404,
    error: { code: "NOT_FOUND", message: "There is nothing at '/nothing'" },
  },
  {
    method: "POST",
    path: "/nothing",
    status: 404,
    error: { code: "NOT_FOUND", message: "There is nothing at '/nothing'" },
  },
  {
    method: "GET",
    path: "/operations/",
    status: 404,
    error: { code: "NOT_FOUND", message: "There is nothing at '/operations/'" },
  },
  ...["POST", "PUT", "DELETE", "OPTIONS", "PATCH"].map((method) => ({
    method,
    path: "/operations",
    status: 405,
    allow: "GET, HEAD",
    error: { code: "METHOD_NOT_ALLOWED", message: `'/operations' takes GET, not ${method}` },
  })),
  {
    method: "POST",
    path: "/healthz",
    status: 405,
    allow: "GET, HEAD",
    error: { code: "METHOD_NOT_ALLOWED", message: "'/healthz' takes GET, not POST" },
  },
  {
    method: "GET",
    path: "/ws",
    status: 426,
    error: { code: "UPGRADE_REQUIRED", message: "This address speaks WebSocket only" },
  },
];

Deno.test("respond() refuses other paths and methods in JSON", async (test) => {
  await using started = await startServer({ threads: 1 });
  for (const { method, path, status, error, allow } of REFUSED) {
    await test.step(`${method} ${path}`, async () => {
      const answer = await started.fetch(path, { method });
      assertEquals(answer.status, status);
      assertEquals(answer.headers.get("allow"), allow ?? null);
      assertEquals(await answer.json(), { error });
    });
  }
});

Deno.test("respond() answers HEAD as GET, without a body", async (test) => {
  await using started = await startServer({ threads: 1 });
  for (const path of ["/", "/healthz", "/readyz", "/operations", "/nothing"]) {
    await test.step(path, async () => {
      const get = await started.fetch(path);
      const head = await started.fetch(path, { method: "HEAD" });
      const body = await get.text();
      assert(body.length > 0);
      assertEquals(await head.text(), "");
      assertEquals(head.status, get.status);
      assertEquals(head.headers.get("content-type"), get.headers.get("content-type"));
    });
  }
});

Deno.test("respond() lets nothing be cached, framed or guessed at", async (test) => {
  await using started = await startServer({ threads: 1 });
  for (const path of ["/", "/healthz", "/readyz", "/operations", "/nothing", "/ws"]) {
    await test.step(path, async () => {
      const answer = await started.fetch(path);
      await answer.body?.cancel();
      assertEquals(answer.headers.get("cache-control"), "no-store");
      assertEquals(answer.headers.get("x-content-type-options"), "nosniff");
      assertEquals(answer.headers.get("referrer-policy"), "no-referrer");
      assert(answer.headers.get("content-security-policy")?.includes("frame-ancestors 'none'"));
      assertEquals(answer.headers.get("access-control-allow-origin"), null);
    });
  }
});
