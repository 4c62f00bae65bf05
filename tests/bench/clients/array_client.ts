import { decodeChunk, encodeChunk } from "../../../handlers/wire/chunk.ts";

const CHUNK_BYTES = 2 ** 20;

interface Arriving {
  bytes: Uint8Array<ArrayBuffer>;
  missing: number;
  arrived(bytes: Uint8Array<ArrayBuffer>): void;
}

/** What a server says to a request. */
export interface Answer {
  result?: Record<string, unknown>;
  error?: { message: string; data: { code: string } };
  /** The bytes of each output, as they come. */
  arrays: Promise<Uint8Array<ArrayBuffer>>[];
}

interface Declared {
  $array: { id: number; shape: number[] };
}

/** An answer, or a notification that declares outputs early. */
interface Message {
  id?: number;
  result?: { outputs?: Record<string, Declared> };
  params?: { outputs?: Record<string, Declared> };
}

/** A job as the client gives it: float32 rows of three. */
export interface Job {
  operation: string;
  params?: Record<string, unknown>;
  /** The input `points`, if it has one. */
  points?: Float32Array<ArrayBuffer>;
  /** Its name, for cancelling it. */
  job?: string;
  /** Have outputs sent before the answer, where the operation allows it. */
  partial?: boolean;
}

/** A Deno client that moves arrays in chunks: to our server, or to one that sends every frame back. */
export class ArrayClient {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #arriving = new Map<number, Arriving>();
  /** Outputs that were declared before the answer. */
  readonly #early = new Map<number, Promise<Uint8Array<ArrayBuffer>>>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) =>
      typeof data === "string" ? this.#answer(JSON.parse(data)) : this.#chunk(data);
  }

  static async open(url: string): Promise<ArrayClient> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error(`Cannot connect to ${url}`));
    });
    return new ArrayClient(socket);
  }

  /** Connects to our server and says hello, so that arrays come in binary. */
  static async greet({ url, token }: { url: string; token: string }): Promise<ArrayClient> {
    const client = await ArrayClient.open(`${url}?token=${token}`);
    const hello = { protocol: 1, client: { name: "benchmark", version: "1" } };
    const { error } = await client.request("session.hello", hello);
    if (error !== undefined) throw new Error(error.message);
    return client;
  }

  #answer({ id, result, error, params }: Omit<Answer, "arrays"> & Message): void {
    const declared = (result ?? params)?.outputs ?? {};
    // The bytes follow at once: they must be expected before anybody hears of the answer.
    const arrays = Object.values(declared).map(({ $array: { id, shape } }) => {
      const early = this.#early.get(id) ??
        this.#receive(id, 4 * shape.reduce((product, size) => product * size, 1));
      if (params === undefined) this.#early.delete(id);
      else this.#early.set(id, early);
      return early;
    });
    if (id === undefined) return; // A notification.
    this.#waiting.get(id)?.({ arrays, ...(error ? { error } : {}), ...(result ? { result } : {}) });
    this.#waiting.delete(id);
  }

  #chunk(frame: ArrayBuffer): void {
    const chunk = decodeChunk(frame);
    if (typeof chunk === "string") throw new Error(`A frame that is no chunk came: ${chunk}`);
    const array = this.#arriving.get(chunk.id);
    if (array === undefined) return; // Of a job that was given up.
    array.bytes.set(chunk.bytes, chunk.offset);
    array.missing -= chunk.bytes.byteLength;
    if (array.missing > 0) return;
    this.#arriving.delete(chunk.id);
    array.arrived(array.bytes);
  }

  #receive(id: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Promise((arrived) => {
      const bytes = new Uint8Array(size);
      this.#arriving.set(id, { bytes, missing: size, arrived });
    });
  }

  /** Sends an array in chunks, in order. @param share How much of it, up to 1 */
  send(id: number, data: Float32Array<ArrayBuffer>, share = 1): void {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let at = 0; at < bytes.length * share; at += CHUNK_BYTES) {
      this.#socket.send(encodeChunk(id, at, bytes.subarray(at, at + CHUNK_BYTES)));
    }
  }

  request(method: string, params: unknown): Promise<Answer> {
    const id = ++this.#lastId;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    return answered;
  }

  /** Starts a job and sends `share` of its points. @returns Its answer, whatever it is */
  start({ points, ...job }: Job, share = 1): Promise<Answer> {
    const id = this.#lastId + 1;
    const $array = { id, dtype: "float32", shape: [(points?.length ?? 0) / 3, 3] };
    const inputs = points === undefined ? {} : { points: { $array } };
    const answered = this.request("jobs.run", { ...job, inputs });
    if (points !== undefined) this.send(id, points, share);
    return answered;
  }

  /** Runs a job that gives one array of float32. @throws {Error} As the server says */
  async run(job: Job): Promise<Float32Array<ArrayBuffer>> {
    const { error, arrays: [array] } = await this.start(job);
    if (error !== undefined) throw new Error(`${job.operation}: ${error.message}`);
    if (array === undefined) throw new Error(`${job.operation} gave no array`);
    return new Float32Array((await array).buffer);
  }

  /** Sends an array to a server that sends every frame back. */
  async echo(data: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>> {
    const id = ++this.#lastId;
    const arrived = this.#receive(id, data.byteLength);
    this.send(id, data);
    return new Float32Array((await arrived).buffer);
  }

  /** Sends an array in one frame to a server that sends it back. */
  async echoWhole(data: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>> {
    const usual = this.#socket.onmessage;
    const came = new Promise<ArrayBuffer>((resolve) => {
      this.#socket.onmessage = ({ data }) => resolve(data);
    });
    this.#socket.send(data);
    const whole = new Float32Array(await came);
    this.#socket.onmessage = usual;
    return whole;
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => this.#socket.addEventListener("close", resolve));
    this.#socket.close();
    await closed;
  }
}
