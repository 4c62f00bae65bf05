import { eTag, ifNoneMatch } from "@std/http/etag.js";
import { accepts } from "@std/http/negotiation.js";
import { STATUS_CODE } from "@std/http/status.js";
import type { Core } from "../core.ts";
import { READY_WITHIN_MS } from "../limits.ts";
import type { Sender, SocketServer } from "../socket.ts";
import { type Admission, checkAddress, hasToken, refuseToken } from "./guard.ts";
import { strangerPage, welcomePage } from "./page.ts";
import { COMMON_HEADERS, json, refuse, refuseBusy } from "./refuse.ts";

export interface RouteContext {
  core: Core;
  sockets: SocketServer;
  admission: Admission;
}

type Route = (
  context: RouteContext,
  request: Request,
  from: Sender,
) => Response | Promise<Response>;

const HTML = "text/html";

/** Whether the sender would rather read a page than JSON. */
function wantsPage(request: Request): boolean {
  return accepts(request, "application/json", HTML) === HTML;
}

/** Runs a tiny job on every thread: whether the server can work, not only live. */
async function readyz({ core }: RouteContext): Promise<Response> {
  const answered = await core.scheduler.pool.ping(READY_WITHIN_MS);
  const busy = core.scheduler.pool.busy;
  const ready = answered.every(Boolean);
  const threads = answered.map((answers, thread) => ({
    thread,
    answered: answers,
    busy: busy[thread],
  }));
  return json({ ready, threads }, ready ? STATUS_CODE.OK : STATUS_CODE.ServiceUnavailable);
}

async function operations({ core: { catalogue } }: RouteContext, request: Request) {
  const body = JSON.stringify({
    revision: catalogue.revision,
    operations: catalogue.operations,
    failures: catalogue.failures,
  });
  const etag: string = await eTag(body) ?? "";
  const headers = { ...COMMON_HEADERS, "content-type": "application/json", etag };
  return ifNoneMatch(request.headers.get("if-none-match"), etag)
    ? new Response(body, { status: STATUS_CODE.OK, headers })
    : new Response(null, { status: STATUS_CODE.NotModified, headers });
}

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ["/", () => welcomePage(STATUS_CODE.OK)],
  ["/readyz", readyz],
  ["/operations", operations],
  ["/ws", ({ sockets }, request, from) => sockets.upgrade(request, from)],
]);

function healthz(): Response {
  return new Response("ok\n", { status: STATUS_CODE.OK, headers: COMMON_HEADERS });
}

async function answer(
  context: RouteContext,
  request: Request,
  from: Sender,
): Promise<Response> {
  const refused = checkAddress(request, context.admission);
  if (refused !== undefined) return refused;
  const url = new URL(request.url);
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (url.pathname === "/healthz" && isRead) return healthz();
  if (!hasToken(request, url, context.admission)) {
    return url.pathname === "/" && isRead && wantsPage(request)
      ? strangerPage(STATUS_CODE.Unauthorized)
      : refuseToken();
  }
  const route = ROUTES.get(url.pathname);
  if (route === undefined && url.pathname !== "/healthz") {
    return refuse("NOT_FOUND", `There is nothing at '${url.pathname}'`);
  }
  if (route === undefined || !isRead) {
    return refuse("METHOD_NOT_ALLOWED", `'${url.pathname}' takes GET, not ${request.method}`, {
      allow: "GET, HEAD",
    });
  }
  // Whoever asks again after a restart may come before the threads are there.
  const { unready } = context.core;
  return unready === undefined ? await route(context, request, from) : refuseBusy(unready);
}

/** Answers an HTTP request or upgrade. Never throws and never tells a stack. */
export async function respond(
  context: RouteContext,
  request: Request,
  from: Sender = { local: false },
): Promise<Response> {
  try {
    return await answer(context, request, from);
  } catch (error) {
    context.core.log({
      event: "defect",
      level: "error",
      message: `HTTP request failed: ${error instanceof Error ? error.stack : String(error)}`,
    });
    return json(
      { error: { code: "INTERNAL", message: "The server failed; its log says more" } },
      STATUS_CODE.InternalServerError,
    );
  }
}
