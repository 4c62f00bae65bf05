import { serve, type Server } from "../../handlers/serve.ts";
import type { LogEvent } from "../../handlers/log.ts";
import { Client } from "../handlers/client.ts";
import { type CoreSetup, TEST_OPERATIONS, testLimits } from "../handlers/started_core.ts";

export const TOKEN = "a-token-for-tests-only";

/** A real server on a free port of this machine, in this process. Dispose of it, and everything has ended. */
export class StartedServer {
  readonly server: Server;
  readonly logged: LogEvent[];
  readonly #clients = new Set<SocketClient>();

  constructor(server: Server, logged: LogEvent[]) {
    this.server = server;
    this.logged = logged;
  }

  /** `127.0.0.1:PORT` */
  get host(): string {
    return `127.0.0.1:${this.server.port}`;
  }

  /** Asks with the token, unless `headers` say otherwise. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`http://${this.host}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${TOKEN}`, ...init.headers },
    });
  }

  /** Opens a WebSocket with the token. */
  async connect(protocols: string[] = []): Promise<SocketClient> {
    const client = new SocketClient(`${this.server.url}?token=${TOKEN}`, protocols);
    this.#clients.add(client);
    await client.opened;
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.socket.close();
    await this.server.stop();
    await Promise.all([...this.#clients].map((client) => client.closed));
  }
}

export async function startServer(
  { threads = 2, limits = {}, operations = TEST_OPERATIONS, laneFolder }: CoreSetup = {},
): Promise<StartedServer> {
  const logged: LogEvent[] = [];
  const server = await serve({
    host: "127.0.0.1",
    ports: [0],
    token: TOKEN,
    threads,
    limits: testLimits(limits),
    operations,
    laneFolder,
    log: (event) => logged.push(event),
  });
  return new StartedServer(server, logged);
}

/** A client over a real WebSocket. */
export class SocketClient extends Client {
  readonly socket: WebSocket;
  readonly opened: Promise<void>;
  readonly closed: Promise<CloseEvent>;

  constructor(url: string, protocols: string[]) {
    super((frame) => this.socket.send(frame));
    this.socket = new WebSocket(url, protocols);
    this.socket.binaryType = "arraybuffer";
    const opened = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<CloseEvent>();
    this.opened = opened.promise;
    this.closed = closed.promise;
    this.socket.onopen = () => opened.resolve();
    this.socket.onmessage = ({ data }) => this.receive(data);
    this.socket.onclose = (event) => {
      opened.reject(new Error("The connection was refused"));
      closed.resolve(event);
    };
  }
}
