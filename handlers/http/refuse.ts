import { STATUS_CODE } from "@std/http/status.js";

/** Why an HTTP request or an upgrade is refused, with its status. docs/protocol.md lists them. */
export const REFUSALS = {
  BAD_REQUEST: STATUS_CODE.BadRequest,
  UNAUTHORIZED: STATUS_CODE.Unauthorized,
  FORBIDDEN: STATUS_CODE.Forbidden,
  NOT_FOUND: STATUS_CODE.NotFound,
  METHOD_NOT_ALLOWED: STATUS_CODE.MethodNotAllowed,
  UPGRADE_REQUIRED: STATUS_CODE.UpgradeRequired,
  BUSY: STATUS_CODE.ServiceUnavailable,
} as const satisfies Record<string, number>;

export type Refusal = keyof typeof REFUSALS;

/** Every answer: nothing of it is cached, framed or guessed at. */
export const COMMON_HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy":
    "default-src 'none'; connect-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
} as const;

export function json(value: unknown, status: number, headers: HeadersInit = {}): Response {
  const response = Response.json(value, { status, headers: COMMON_HEADERS });
  for (const [name, text] of new Headers(headers)) response.headers.set(name, text);
  return response;
}

/** Seconds until a client that was refused for lack of room may ask again. */
const RETRY_SECONDS = "1";

export function refuseBusy(message: string): Response {
  return refuse("BUSY", message, { "retry-after": RETRY_SECONDS });
}

/** `{"error": {"code", "message"}}` with the status that goes with the code. */
export function refuse(code: Refusal, message: string, headers: HeadersInit = {}): Response {
  return json({ error: { code, message } }, REFUSALS[code], headers);
}
