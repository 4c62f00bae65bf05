import { byteLength, type DType, DTYPES, type TypedArray } from "../../workers/array.ts";
import { decodeChunk, encodeChunk } from "../../handlers/wire/chunk.ts";

/** Parsed JSON of any shape: tests look into it freely. */
// deno-lint-ignore no-explicit-any
export type Json = any;

export interface Reply {
  jsonrpc: "2.0";
  id: string | number | null;
  result?: Json;
  error?: { code: number; message: string; data: Record<string, Json> };
}

interface Arriving {
  bytes: Uint8Array<ArrayBuffer>;
  missing: number;
}

/** How long to wait for something that never comes before the test fails, in ms. */
const GIVE_UP_MS = 30_000;

/** A client of the wire, whatever carries the frames: it keeps all that comes and can wait for any of it. */
export class Client {
  /** Every text frame so far, parsed. */
  readonly messages: Json[] = [];
  /** The array id of every binary frame so far. */
  readonly chunkIds: number[] = [];
  /** The byte length of every binary frame so far. */
  readonly chunkSizes: number[] = [];
  readonly #send: (frame: string | Uint8Array<ArrayBuffer>) => void;
  readonly #arriving = new Map<number, Arriving>();
  readonly #looks = new Set<() => void>();
  #lastId = 1000;

  constructor(send: (frame: string | Uint8Array<ArrayBuffer>) => void) {
    this.#send = send;
  }

  /** Sends a frame as it is. */
  send(frame: string | Uint8Array<ArrayBuffer>): void {
    this.#send(frame);
  }

  /** Takes a frame that the server sent. */
  receive(frame: string | ArrayBuffer): void {
    if (typeof frame === "string") this.#receiveText(JSON.parse(frame));
    else this.#receiveChunk(frame);
    for (const look of [...this.#looks]) look();
  }

  #receiveText(message: Json): void {
    this.messages.push(message);
    for (const { result, params } of [message].flat()) {
      for (const output of Object.values<Json>((result ?? params)?.outputs ?? {})) {
        // What was declared early may be here already.
        if (output.$array === undefined || this.#arriving.has(output.$array.id)) continue;
        const { id, dtype, shape } = output.$array;
        const size = byteLength(dtype, shape);
        this.#arriving.set(id, { bytes: new Uint8Array(size), missing: size });
      }
    }
  }

  #receiveChunk(frame: ArrayBuffer): void {
    const chunk = decodeChunk(frame);
    if (typeof chunk === "string") throw new Error(`A frame that is no chunk came: ${chunk}`);
    const array = this.#arriving.get(chunk.id);
    if (array === undefined) throw new Error(`A chunk of no array came: ${chunk.id}`);
    this.chunkIds.push(chunk.id);
    this.chunkSizes.push(frame.byteLength);
    array.bytes.set(chunk.bytes, chunk.offset);
    array.missing -= chunk.bytes.byteLength;
  }

  /** Waits until `look` finds something in what has come. */
  when<T>(look: () => T | undefined, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        this.#looks.delete(check);
      };
      const check = (): void => {
        const found = look();
        if (found === undefined) return;
        stop();
        resolve(found);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`${what} never came; got ${JSON.stringify(this.messages).slice(-2000)}`));
      }, GIVE_UP_MS);
      this.#looks.add(check);
      check();
    });
  }

  /** All answers under `id`, batches included. */
  answersTo(id: string | number | null): Reply[] {
    return this.messages.flat().filter((message) => message.method === undefined)
      .filter((reply) => reply.id === id);
  }

  /** The first answer under `id`. */
  answer(id: string | number | null): Promise<Reply> {
    return this.when(() => this.answersTo(id)[0], `The answer to ${id}`);
  }

  /** The next text frame to come, whatever it is. */
  nextMessage(): Promise<Json> {
    const seen = this.messages.length;
    return this.when(() => this.messages[seen], "The next message");
  }

  notifications(method: string): Json[] {
    return this.messages.filter((message) => message.method === method)
      .map(({ params }) => params);
  }

  nextId(): number {
    return ++this.#lastId;
  }

  request(method: string, params?: unknown): Promise<Reply> {
    const id = this.nextId();
    this.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    return this.answer(id);
  }

  notify(method: string, params?: unknown): void {
    this.send(JSON.stringify({ jsonrpc: "2.0", method, params }));
  }

  /** Asks for something that must succeed. */
  async call(method: string, params?: unknown): Promise<Json> {
    const { result, error } = await this.request(method, params);
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }

  hello(): Promise<Json> {
    return this.call("session.hello", { protocol: 1, client: { name: "test", version: "1" } });
  }

  /** Sends bytes of an array, in chunks of `chunkBytes`, in order. */
  sendArray(id: number, data: TypedArray, chunkBytes = 2 ** 20): void {
    for (const chunk of chunksOf(id, data, chunkBytes)) this.send(chunk);
  }

  /** The arrays that an answer declares, once their bytes are here. */
  async arrays(outputs: Record<string, Json>): Promise<Record<string, TypedArray>> {
    const entries = Object.entries(outputs).map(async ([name, { $array }]) => {
      const { id, dtype } = $array as { id: number; dtype: DType };
      const array = await this.when(() => {
        const arriving = this.#arriving.get(id);
        return arriving?.missing === 0 ? arriving : undefined;
      }, `Array ${id} of '${name}'`);
      return [name, new DTYPES[dtype].view(array.bytes.buffer)] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }
}

/** `data` as binary frames, in order. */
export function chunksOf(
  id: number,
  data: TypedArray,
  chunkBytes: number,
): Uint8Array<ArrayBuffer>[] {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    chunks.push(encodeChunk(id, at, bytes.subarray(at, at + chunkBytes)));
  }
  return chunks;
}

/** `{"$array": {...}}` for `data`. */
export function declare(id: number, dtype: DType, shape: readonly number[]): Json {
  return { $array: { id, dtype, shape } };
}
