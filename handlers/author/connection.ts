import type { ArrayRef, DType } from "../../workers/array.ts";
import { byteLength } from "../../workers/array.ts";
import { type Failure, OutboardError } from "../../workers/errors.ts";
import { Timeouts } from "../../workers/timeouts.ts";
import type { PublicEntry } from "../catalogue.ts";
import type { LoadFailure } from "../library.ts";
import { Outbox } from "../outbox.ts";
import type { OutgoingArray } from "../session.ts";
import { PROTOCOL, SUBPROTOCOL, VERSION } from "../version.ts";
import { CHUNK_HEADER_BYTES } from "../wire/chunk.ts";
import { IncomingArrays } from "../wire/incoming_arrays.ts";

/** How long an answer's bytes may stop coming, in ms. */
const ARRAY_TIMEOUT_MS = 30_000;
const MAX_CHUNK_BYTES = 2 ** 20;

export interface Timings {
  validateMs: number;
  queueMs: number;
  computeMs: number;
  totalMs: number;
}

export interface RunAnswer {
  outputs: Record<string, ArrayRef>;
  params: Record<string, unknown>;
  timings: Timings;
}

export interface Listed {
  operations: PublicEntry[];
  failures: LoadFailure[];
}

interface Declared {
  $array: { id: number; dtype: DType; shape: number[] };
}

interface Reply {
  id?: number;
  method?: string;
  params?: { fraction: number; message?: string };
  result?: Record<string, unknown>;
  error?: { message: string; data: { code: Failure["code"] } & Record<string, unknown> };
}

interface Pending {
  resolve(result: Record<string, unknown>): void;
  reject(error: Error): void;
}

/** The name of the one job that runs at a time. */
const JOB = "try";

/** A client of a server, for the commands of this folder: docs/protocol.md says what goes over the wire. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #outbox: Outbox;
  readonly #timeouts = new Timeouts();
  readonly #incoming = new IncomingArrays(ARRAY_TIMEOUT_MS, this.#timeouts);
  readonly #pending = new Map<number, Pending>();
  readonly #gone = Promise.withResolvers<never>();
  #lastId = 0;
  /** Told how far the running job is. */
  onProgress: (fraction: number, message?: string) => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    this.#gone.promise.catch(() => {}); // Those who wait are told by what they wait for.
    const frame = new ArrayBuffer(CHUNK_HEADER_BYTES + MAX_CHUNK_BYTES);
    this.#outbox = new Outbox(socket, frame, () => socket.close());
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === "string") this.#receive(JSON.parse(data));
      else this.#incoming.chunk(data);
    };
    socket.onclose = () => {
      this.#outbox.close();
      this.#timeouts.clear();
      const gone = new OutboardError("CANCELLED", "The server has gone");
      this.#gone.reject(gone);
      for (const { reject } of this.#pending.values()) reject(gone);
      this.#pending.clear();
    };
  }

  /** Connects and says hello. @throws {OutboardError} When nobody answers there */
  static async open(url: string, token: string): Promise<Connection> {
    const socket = new WebSocket(`${url}?token=${token}`, SUBPROTOCOL);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new OutboardError("INTERNAL", `Cannot connect to ${url}`));
    });
    const connection = new Connection(socket);
    const client = { name: "deno task", version: VERSION };
    await connection.#call("session.hello", { protocol: PROTOCOL, client });
    return connection;
  }

  #receive({ id, method, params, result = {}, error }: Reply): void {
    if (method === "jobs.progress") this.onProgress(params?.fraction ?? 0, params?.message);
    if (id === undefined) return;
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error !== undefined) {
      const { code, ...data } = error.data;
      return pending?.reject(new OutboardError(code, error.message, data));
    }
    // The bytes follow at once: they must be expected before anybody hears of the answer.
    const { refs, arrived } = this.#expect(result.outputs as Record<string, Declared> | undefined);
    Promise.race([arrived, this.#gone.promise]).then(
      () => pending?.resolve({ ...result, outputs: refs }),
      (reason) => pending?.reject(reason),
    );
  }

  #expect(declared: Record<string, Declared> = {}) {
    const refs: Record<string, ArrayRef> = {};
    const arrivals = Object.entries(declared).map(([name, { $array: { id, dtype, shape } }]) => {
      const buffer = new SharedArrayBuffer(byteLength(dtype, shape));
      const ref = refs[name] = { buffer, byteOffset: 0, dtype, shape };
      return this.#incoming.receive(id, name, ref);
    });
    return { refs, arrived: Promise.all(arrivals) };
  }

  #call(method: string, params: unknown = {}, arrays: OutgoingArray[] = []) {
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
    this.#pending.set(id, { resolve, reject });
    this.#outbox.send({ text: JSON.stringify({ jsonrpc: "2.0", id, method, params }), arrays });
    return promise;
  }

  /** What the server has, and which files it cannot use. */
  async list(): Promise<Listed> {
    return await this.#call("operations.list") as unknown as Listed;
  }

  /** Runs an operation. @throws {OutboardError} As the server says */
  async run(
    operation: string,
    params: Record<string, unknown>,
    inputs: Record<string, ArrayRef | []>,
  ): Promise<RunAnswer> {
    const arrays: OutgoingArray[] = [];
    const declared = Object.entries(inputs).map(([name, ref], index) => {
      // An empty list stands for an array of no rows, whatever is in a row.
      if (Array.isArray(ref)) return [name, []];
      arrays.push({ id: index + 1, ref, sent: () => {} });
      return [name, { $array: { id: index + 1, dtype: ref.dtype, shape: ref.shape } }];
    });
    const request = { operation, params, inputs: Object.fromEntries(declared), job: JOB };
    return await this.#call("jobs.run", request, arrays) as unknown as RunAnswer;
  }

  /** Stops the running job, if there is one: it is answered with CANCELLED. */
  cancel(): void {
    // A server that has gone has cancelled it.
    this.#call("jobs.cancel", { job: JOB }).catch(() => {});
  }

  /** Says goodbye and waits until the socket is closed. */
  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => this.#socket.addEventListener("close", resolve));
    this.#socket.close();
    await closed;
  }
}
