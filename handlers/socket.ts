import { Buffer } from "node:buffer";
import type { Core } from "./core.ts";
import { MAX_CONNECTIONS, MAX_HANDSHAKES } from "./limits.ts";
import { Outbox } from "./outbox.ts";
import { Session } from "./session.ts";
import { SUBPROTOCOL } from "./version.ts";
import { CHUNK_HEADER_BYTES } from "./wire/chunk.ts";
import { refuse, refuseBusy } from "./http/refuse.ts";

const CLOSE_GOING_AWAY = 1001;
const CLOSE_POLICY = 1008;
const CLOSE_TOO_BIG = 1009;

/** How long an upgrade may take before it no longer counts as in progress, in ms. */
const HANDSHAKE_MS = 5000;

/** Of a UTF-16 unit in UTF-8. */
const MAX_BYTES_PER_UNIT = 3;

interface Connection {
  socket: WebSocket;
  outbox: Outbox;
}

/** What is known of who sends a request. */
export interface Sender {
  /** Whether it came over this machine's loopback. */
  local: boolean;
}

/** The WebSocket endpoint: the only place that knows sockets. */
export class SocketServer {
  readonly #core: Core;
  readonly #connections = new Set<Connection>();
  /** What every chunk that goes out is put together in. */
  readonly #frame: ArrayBuffer;
  #handshakes = 0;

  constructor(core: Core) {
    this.#core = core;
    this.#frame = new ArrayBuffer(CHUNK_HEADER_BYTES + core.limits.maxChunkBytes);
  }

  /** Answers an upgrade request that the guard has let through. */
  upgrade(request: Request, from: Sender): Response {
    const wanted = request.headers.get("upgrade")?.toLowerCase();
    if (wanted !== "websocket" || request.method !== "GET") {
      return refuse("UPGRADE_REQUIRED", "This address speaks WebSocket only", {
        upgrade: "websocket",
        connection: "Upgrade",
      });
    }
    const offered = request.headers.get("sec-websocket-protocol")?.split(",")
      .map((protocol) => protocol.trim());
    if (offered !== undefined && !offered.includes(SUBPROTOCOL)) {
      return refuse(
        "BAD_REQUEST",
        `This server speaks the subprotocol '${SUBPROTOCOL}', got '${offered.join(", ")}'`,
      );
    }
    if (this.#handshakes >= MAX_HANDSHAKES) {
      return refuseBusy(`This server takes ${MAX_HANDSHAKES} handshakes at a time`);
    }
    if (this.#connections.size + this.#handshakes >= MAX_CONNECTIONS) {
      return refuseBusy(`This server serves ${MAX_CONNECTIONS} connections at a time`);
    }
    try {
      const { socket, response } = Deno.upgradeWebSocket(request, {
        // Deno's own pings would drop a Blender that renders for a minute, and a client in the middle of a large frame.
        idleTimeout: 0,
        ...(offered === undefined ? {} : { protocol: SUBPROTOCOL }),
      });
      this.#attach(socket, from);
      return response;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return refuse("BAD_REQUEST", `This is no WebSocket handshake: ${error.message}`);
    }
  }

  #attach(socket: WebSocket, from: Sender): void {
    this.#handshakes++;
    const settled = once(() => {
      this.#handshakes--;
      clearTimeout(late);
    });
    const late = setTimeout(settled, HANDSHAKE_MS);
    socket.binaryType = "arraybuffer";
    socket.onerror = settled;
    socket.onclose = settled;
    socket.onopen = () => {
      settled();
      if (this.#core.stopping) socket.close(CLOSE_GOING_AWAY);
      else this.#open(socket, from);
    };
  }

  #open(socket: WebSocket, from: Sender): void {
    const { limits, log } = this.#core;
    const drop = (code: number, reason: string): void => {
      log({ event: "dropped", level: "warn", message: `Dropped ${session.clientName}: ${reason}` });
      leave();
      socket.close(code, reason);
    };
    const outbox = new Outbox(socket, this.#frame, (reason) => drop(CLOSE_POLICY, reason));
    const session = new Session(this.#core, outbox, from);
    const connection = { socket, outbox };
    this.#connections.add(connection);
    const leave = once(() => {
      this.#connections.delete(connection);
      session.close();
      outbox.close();
      log({
        event: "disconnected",
        level: "debug",
        message: `${session.clientName} disconnected`,
        session: session.id,
      });
    });
    socket.onclose = leave;
    socket.onerror = leave;
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      const isText = typeof data === "string";
      const limit = isText ? limits.maxTextBytes : limits.maxChunkBytes + CHUNK_HEADER_BYTES;
      const size = isText ? textBytes(data, limit) : data.byteLength;
      if (size > limit) {
        return drop(CLOSE_TOO_BIG, `a frame may have ${limit} bytes, got ${size}`);
      }
      if (isText) void session.receiveText(data);
      else session.receiveBinary(data);
    };
  }

  /** Sends what is still to be sent, within `withinMs`, and says goodbye to everyone. */
  async close(withinMs: number): Promise<void> {
    const connections = [...this.#connections];
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, withinMs);
    await Promise.race([Promise.all(connections.map(({ outbox }) => outbox.drained())), late]);
    const closed = connections.map(({ socket }) =>
      new Promise<void>((done) => {
        socket.addEventListener("close", () => done());
        socket.close(CLOSE_GOING_AWAY, "The server is shutting down");
      })
    );
    await Promise.race([Promise.all(closed), late]);
    clearTimeout(timer);
  }
}

/** The bytes of `text` in UTF-8; counted only where its length leaves open whether they are more than `limit`. */
function textBytes(text: string, limit: number): number {
  return text.length * MAX_BYTES_PER_UNIT > limit ? Buffer.byteLength(text) : text.length;
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}
