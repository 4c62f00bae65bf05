import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import { HANDSHAKE, sendRaw } from "./raw_http.ts";
import { startServer, TOKEN } from "./started_server.ts";

const BEARER = `Authorization: Bearer ${TOKEN}`;

/** Every address that answers, with what it is asked for by. */
const TARGETS: { target: string; extra: string[] }[] = [
  { target: "/healthz", extra: [] },
  { target: "/readyz", extra: [] },
  { target: "/operations", extra: [] },
  { target: "/", extra: [] },
  { target: "/ws", extra: [...HANDSHAKE] },
];

const EVIL_HOSTS = (port: number): string[] => [
  "evil.example",
  `evil.example:${port}`,
  "127.0.0.1",
  `127.0.0.1:${port + 1}`,
  `127.0.0.1:${port}.evil.example`,
  `evil.127.0.0.1:${port}`,
  `127.0.0.1.nip.io:${port}`,
  `0.0.0.0:${port}`,
  `LOCALHOST.:${port}`,
];

Deno.test("checkAddress() refuses every Host but the server's own, whatever is asked for", async (test) => {
  await using started = await startServer({ threads: 1 });
  for (const host of EVIL_HOSTS(started.server.port)) {
    await test.step(host, async () => {
      for (const { target, extra } of TARGETS) {
        const lines = [`GET ${target} HTTP/1.1`, `Host: ${host}`, BEARER, ...extra];
        const { status, body } = await sendRaw(started.host, lines);
        assertEquals(status, 403, target);
        assertEquals(JSON.parse(body).error.code, "FORBIDDEN");
      }
    });
  }
});

Deno.test("checkAddress() takes the server's address and localhost", async (test) => {
  await using started = await startServer({ threads: 1 });
  const { port } = started.server;
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
    await test.step(host, async () => {
      const lines = ["GET /operations HTTP/1.1", `Host: ${host}`, BEARER];
      assertEquals((await sendRaw(started.host, lines)).status, 200);
    });
  }
});

Deno.test("checkAddress() refuses a request without Host", async () => {
  await using started = await startServer({ threads: 1 });
  const { status } = await sendRaw(started.host, ["GET /healthz HTTP/1.0"]);
  assert(status === 403 || status === 400, `${status}`);
});

Deno.test("checkAddress() goes by the Host header, not by the address in the request line", async () => {
  await using started = await startServer({ threads: 1 });
  const { status } = await sendRaw(started.host, [
    `GET http://${started.host}/operations HTTP/1.1`,
    "Host: evil.example",
    BEARER,
  ]);
  assertEquals(status, 403);
});

const EVIL_ORIGINS = (port: number): string[] => [
  "https://evil.example",
  "null",
  "http://127.0.0.1",
  `https://127.0.0.1:${port}`,
  `http://127.0.0.1:${port}.evil.example`,
  `http://127.0.0.1:${port + 1}`,
  "file://",
  "",
];

Deno.test("checkAddress() refuses every Origin but the server's own, right token or not", async (test) => {
  await using started = await startServer({ threads: 1 });
  for (const origin of EVIL_ORIGINS(started.server.port)) {
    await test.step(origin === "" ? "an empty one" : origin, async () => {
      for (const { target, extra } of TARGETS) {
        const lines = [
          `GET ${target}?token=${TOKEN} HTTP/1.1`,
          `Host: ${started.host}`,
          `Origin: ${origin}`,
          ...extra,
        ];
        const { status, body, headers } = await sendRaw(started.host, lines);
        assertEquals(status, 403, target);
        assertEquals(JSON.parse(body).error.code, "FORBIDDEN");
        assertEquals(headers.get("access-control-allow-origin"), null);
      }
    });
  }
});

Deno.test("checkAddress() takes the server's own Origin", async () => {
  await using started = await startServer({ threads: 1 });
  const lines = [
    "GET /operations HTTP/1.1",
    `Host: ${started.host}`,
    `Origin: http://${started.host}`,
    BEARER,
  ];
  assertEquals((await sendRaw(started.host, lines)).status, 200);
});

const WRONG_TOKENS: { title: string; query?: string; header?: string }[] = [
  { title: "none" },
  { title: "an empty one in the query", query: "token=" },
  { title: "a wrong one in the query", query: "token=wrong" },
  { title: "the beginning of it", query: `token=${TOKEN.slice(0, -1)}` },
  { title: "more than it", query: `token=${TOKEN}x` },
  { title: "another case", query: `token=${TOKEN.toUpperCase()}` },
  { title: "a wrong header", header: "Bearer wrong" },
  { title: "an empty header", header: "Bearer" },
  { title: "another scheme", header: `Basic ${TOKEN}` },
  { title: "no scheme", header: TOKEN },
  {
    title: "a wrong header beside the right query",
    header: "Bearer wrong",
    query: `token=${TOKEN}`,
  },
  { title: "another name", query: `Token=${TOKEN}` },
];

Deno.test("hasToken() refuses a missing or wrong token everywhere but /healthz", async (test) => {
  await using started = await startServer({ threads: 1 });
  for (const { title, query, header } of WRONG_TOKENS) {
    await test.step(title, async () => {
      for (const { target, extra } of [...TARGETS, { target: "/nothing", extra: [] }]) {
        const lines = [
          `GET ${target}${query === undefined ? "" : `?${query}`} HTTP/1.1`,
          `Host: ${started.host}`,
          ...(header === undefined ? [] : [`Authorization: ${header}`]),
          ...extra,
        ];
        const { status, body } = await sendRaw(started.host, lines);
        assertEquals(status, target === "/healthz" ? 200 : 401, target);
        assert(!body.includes(TOKEN), "the token is never repeated");
      }
    });
  }
});

Deno.test("hasToken() takes the token as a header, in any spelling of Bearer, and in the query", async (test) => {
  await using started = await startServer({ threads: 1 });
  const ways = [
    [`GET /operations HTTP/1.1`, BEARER],
    [`GET /operations HTTP/1.1`, `authorization: bearer   ${TOKEN}`],
    [`GET /operations?token=${TOKEN} HTTP/1.1`],
    [`GET /operations?a=b&token=${TOKEN} HTTP/1.1`],
  ];
  for (const [line, ...headers] of ways) {
    await test.step(`${line} ${headers.join()}`, async () => {
      const lines = [line as string, `Host: ${started.host}`, ...headers];
      assertEquals((await sendRaw(started.host, lines)).status, 200);
    });
  }
});

const without = (name: string) => HANDSHAKE.filter((header) => !header.startsWith(name));

const BROKEN_HANDSHAKES: { title: string; method?: string; status: number; headers: string[] }[] = [
  { title: "no key", status: 400, headers: without("Sec-WebSocket-Key") },
  { title: "no Connection: Upgrade", status: 400, headers: without("Connection") },
  { title: "another upgrade", status: 426, headers: [...without("Upgrade"), "Upgrade: h2c"] },
  { title: "HEAD", status: 426, method: "HEAD", headers: [...HANDSHAKE] },
  { title: "POST", status: 405, method: "POST", headers: [...HANDSHAKE] },
];

Deno.test("upgrade() refuses a broken handshake without a stack", async (test) => {
  await using started = await startServer({ threads: 1 });
  for (const { title, status, method = "GET", headers } of BROKEN_HANDSHAKES) {
    await test.step(title, async () => {
      const lines = [`${method} /ws HTTP/1.1`, `Host: ${started.host}`, BEARER, ...headers];
      const answer = await sendRaw(started.host, lines);
      assertEquals(answer.status, status, answer.body);
      if (method === "GET") assert(JSON.parse(answer.body).error.message.length > 0);
      assert(!answer.body.includes("    at "), answer.body);
    });
  }
  assertEquals(started.logged, []);
});

Deno.test("upgrade() takes a handshake with the token as a header", async () => {
  await using started = await startServer({ threads: 1 });
  const lines = ["GET /ws HTTP/1.1", `Host: ${started.host}`, BEARER, ...HANDSHAKE];
  const { status, headers } = await sendRaw(started.host, lines);
  assertEquals(status, 101);
  assertEquals(headers.get("sec-websocket-protocol"), null);
});
