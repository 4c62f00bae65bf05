import { Core } from "./core.ts";
import { isLoopback } from "./launch/flags.ts";
import { respond, type RouteContext } from "./http/routes.ts";
import type { Limits } from "./limits.ts";
import type { Log } from "./log.ts";
import { SocketServer } from "./socket.ts";

export interface ServeOptions {
  /** The address to listen on, such as `127.0.0.1`. */
  host: string;
  /** Ports to try in turn; 0 is any free one. */
  ports: readonly number[];
  token: string;
  threads: number;
  limits: Limits;
  log: Log;
  operations?: readonly string[];
  /** For the files of the same-host lane. */
  laneFolder?: string | undefined;
}

export interface Server {
  readonly core: Core;
  readonly port: number;
  /** `ws://127.0.0.1:8470/ws` */
  readonly url: string;
  /** Answers what is unfinished, says goodbye to everyone and ends the threads. */
  stop(): Promise<void>;
}

const LOOPBACK = ["127.0.0.1", "[::1]"];

/** How long clients get to take what is still being sent when the server stops, in ms. */
const FAREWELL_MS = 500;

/** Listens on the first port that is free. @throws {Deno.errors.AddrInUse} When none is */
function listen(
  { host, ports }: ServeOptions,
  handler: Deno.ServeHandler<Deno.NetAddr>,
): Deno.HttpServer<Deno.NetAddr> {
  for (const [index, port] of ports.entries()) {
    try {
      return Deno.serve({ hostname: host, port, onListen: () => {} }, handler);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse) || index === ports.length - 1) throw error;
    }
  }
  throw new RangeError("Cannot listen: wanted at least one port, got none");
}

/** The server as one thing: threads, sessions and HTTP on one port. */
export async function serve(options: ServeOptions): Promise<Server> {
  const core = new Core(options);
  const sockets = new SocketServer(core);
  const context: RouteContext = {
    core,
    sockets,
    admission: { hosts: [], token: options.token },
  };
  // The port is taken before the threads start, so that a taken one is told at once.
  const http = listen(
    options,
    (request, { remoteAddr }) =>
      respond(context, request, { local: isLoopback(remoteAddr.hostname) }),
  );
  const spelled = options.host.includes(":") ? `[${options.host}]` : options.host;
  const names = LOOPBACK.includes(spelled) ? [spelled, "localhost"] : [spelled];
  context.admission = {
    hosts: names.map((name) => `${name}:${http.addr.port}`),
    token: options.token,
  };
  try {
    await core.start();
  } catch (error) {
    await http.shutdown();
    throw error;
  }
  return {
    core,
    port: http.addr.port,
    url: `ws://${spelled}:${http.addr.port}/ws`,
    async stop() {
      await core.stop(() => sockets.close(FAREWELL_MS));
      await http.shutdown();
    },
  };
}
