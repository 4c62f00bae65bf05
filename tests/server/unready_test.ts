import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import { respond } from "../../handlers/http/routes.ts";
import { MAX_HANDSHAKES } from "../../handlers/limits.ts";
import { SocketServer } from "../../handlers/socket.ts";
import { StartedCore } from "../handlers/mod.ts";
import { HANDSHAKE } from "./raw_http.ts";

const HOST = "127.0.0.1:1";
const TOKEN = "token";

function context({ core }: StartedCore) {
  return { core, sockets: new SocketServer(core), admission: { hosts: [HOST], token: TOKEN } };
}

function request(path: string, headers: readonly string[] = []): Request {
  const pairs = headers.map((header) => header.split(": ") as [string, string]);
  return new Request(`http://${HOST}${path}?token=${TOKEN}`, {
    headers: [["host", HOST], ...pairs],
  });
}

const STARTING = { code: "BUSY", message: "This server is starting" };

Deno.test("respond() tells who comes before the threads are there to come back", async () => {
  await using early = new StartedCore({ threads: 1 });
  const routes = context(early);
  for (const path of ["/operations", "/readyz", "/ws"]) {
    const answer = await respond(routes, request(path, path === "/ws" ? HANDSHAKE : []));
    assertEquals(answer.status, 503);
    assertEquals(answer.headers.get("retry-after"), "1");
    assertEquals((await answer.json()).error, STARTING);
  }
  assertEquals((await respond(routes, request("/healthz"))).status, 200);
  await early.core.start();
  assertEquals((await respond(routes, request("/operations"))).status, 200);
});

Deno.test("respond() tells who comes while the server stops", async () => {
  const started = new StartedCore({ threads: 1 });
  await started.core.start();
  const routes = context(started);
  await started.core.stop(async () => {
    const answer = await respond(routes, request("/ws", HANDSHAKE));
    assertEquals(answer.status, 503);
    assertEquals((await answer.json()).error.message, "This server is shutting down");
  });
});

Deno.test("respond() tells nobody the stack of a defect, only the log", async () => {
  await using started = new StartedCore({ threads: 1 });
  await started.core.start();
  const routes = context(started);
  Object.defineProperty(started.core.catalogue, "operations", {
    get: () => {
      throw new Error("a secret of the catalogue");
    },
  });
  const answer = await respond(routes, request("/operations"));
  assertEquals(answer.status, 500);
  assertEquals(await answer.json(), {
    error: { code: "INTERNAL", message: "The server failed; its log says more" },
  });
  const [logged, ...others] = started.logged;
  assertEquals(others, []);
  assertEquals(logged?.level, "error");
  assert(logged?.message?.includes("a secret of the catalogue"));
});

/** A socket whose handshake never comes to an end unless it is told to. */
interface Unfinished {
  onopen?: () => void;
  onclose?: () => void;
  onerror?: () => void;
}

Deno.test("upgrade() takes a few handshakes at a time and tells the next to come back", async () => {
  await using started = new StartedCore({ threads: 1 });
  await started.core.start();
  const routes = context(started);
  const sockets: Unfinished[] = [];
  const original = Deno.upgradeWebSocket;
  Deno.upgradeWebSocket = () => {
    const socket = {};
    sockets.push(socket);
    return { socket: socket as WebSocket, response: new Response("upgraded") };
  };
  try {
    const ask = () => respond(routes, request("/ws", HANDSHAKE));
    for (let index = 0; index < MAX_HANDSHAKES; index++) {
      assertEquals(await (await ask()).text(), "upgraded");
    }
    const refused = await ask();
    assertEquals(refused.status, 503);
    assertEquals((await refused.json()).error, {
      code: "BUSY",
      message: "This server takes 8 handshakes at a time",
    });
    sockets[0]?.onclose?.();
    assertEquals(await (await ask()).text(), "upgraded");
    assertEquals((await ask()).status, 503);
  } finally {
    Deno.upgradeWebSocket = original;
    for (const socket of sockets) socket.onclose?.();
  }
});
