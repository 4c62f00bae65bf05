import { equalInConstantTime } from "../equal_in_constant_time.ts";
import { refuse } from "./refuse.ts";

/** What the guard lets through: requests to one of these addresses that carry this token. */
export interface Admission {
  /** `127.0.0.1:8470`: the server's own addresses as a `Host` header spells them. */
  hosts: readonly string[];
  token: string;
}

function tokenOf(request: Request, url: URL): string | null {
  const header = request.headers.get("authorization");
  const bearer = header?.match(/^Bearer +(\S+)$/i)?.[1];
  return bearer ?? url.searchParams.get("token");
}

/**
 * Refuses requests of foreign web pages. A browser lets any page open a WebSocket to this machine, and a name that an
 * attacker owns may resolve to it, so neither can be told by the connection: only by `Origin` and `Host`.
 */
export function checkAddress(request: Request, { hosts }: Admission): Response | undefined {
  const host = request.headers.get("host") ?? "";
  if (!hosts.includes(host)) {
    return refuse("FORBIDDEN", `The Host header must be this server's own address, ${hosts[0]}`);
  }
  const origin = request.headers.get("origin");
  if (origin !== null && !hosts.some((own) => origin === `http://${own}`)) {
    return refuse("FORBIDDEN", "The Origin header must be absent or this server's own");
  }
  return undefined;
}

/** Whether the request carries the server's token, as a header or as `?token=`. */
export function hasToken(request: Request, url: URL, { token }: Admission): boolean {
  return equalInConstantTime(tokenOf(request, url) ?? "", token);
}

export function refuseToken(): Response {
  return refuse(
    "UNAUTHORIZED",
    "This server wants its token, as 'Authorization: Bearer TOKEN' or '?token=TOKEN'; " +
      "it stands in the server's terminal and in its discovery file",
    { "www-authenticate": "Bearer" },
  );
}
