import { type ArrayRef, byteLength, bytesOf } from "../../workers/array.ts";
import { OutboardError } from "../../workers/errors.ts";
import { Roster } from "../../workers/roster.ts";
import { type Timeout, Timeouts } from "../../workers/timeouts.ts";
import { Coverage } from "./coverage.ts";
import { decodeChunk } from "./chunk.ts";

interface Transfer {
  id: number;
  /** The input that the array belongs to, for messages. */
  name: string;
  target: Uint8Array<SharedArrayBuffer>;
  coverage: Coverage;
  onGrown: (bytes: number) => void;
  timeout: Timeout | undefined;
  resolve: () => void;
  reject: (error: OutboardError) => void;
}

/** Ids of refused arrays that are remembered, so that their chunks are dropped instead of answered one by one. */
const MAX_REMEMBERED = 4096;

/** The arrays that a session has declared and whose bytes are on their way. */
export class IncomingArrays {
  readonly #transfers = new Roster<Transfer>();
  readonly #refused = new Set<number>();
  readonly #timeoutMs: number;
  readonly #timeouts: Timeouts;

  /** @param timeouts May be shared; who made it clears it in the end */
  constructor(timeoutMs: number, timeouts: Timeouts) {
    this.#timeoutMs = timeoutMs;
    this.#timeouts = timeouts;
  }

  has(id: number): boolean {
    return this.#find(id) !== undefined;
  }

  #find(id: number): Transfer | undefined {
    return this.#transfers.find((transfer) => transfer.id === id);
  }

  /**
   * Awaits the bytes of array `id`, which go straight into `ref`'s memory.
   *
   * @param onGrown Told how many bytes from the start on are there without a hole, when they have become more
   * @throws {OutboardError} BAD_CHUNK, ARRAY_INCOMPLETE, or whatever `refuse` is given, by the promise
   */
  receive(
    id: number,
    name: string,
    ref: ArrayRef,
    onGrown: (bytes: number) => void = () => {},
  ): Promise<void> {
    this.#refused.delete(id);
    if (byteLength(ref.dtype, ref.shape) === 0) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const target = bytesOf(ref);
    const coverage = new Coverage(target.byteLength);
    const transfer = { id, name, target, coverage, onGrown, timeout: undefined, resolve, reject };
    this.#transfers.add(transfer);
    this.#await(transfer);
    return promise;
  }

  #await(transfer: Transfer): void {
    const { id, name } = transfer;
    transfer.timeout?.clear();
    transfer.timeout = this.#timeouts.add(this.#timeoutMs, () => {
      this.refuse(
        id,
        new OutboardError(
          "ARRAY_INCOMPLETE",
          `Cannot run: the bytes of '${name}' stopped coming for ${this.#timeoutMs / 1000} s`,
          { array: id, input: name },
        ),
      );
    });
  }

  #end(transfer: Transfer): void {
    transfer.timeout?.clear();
    this.#transfers.delete(transfer);
  }

  /**
   * Takes one binary frame, and its memory with it: the collector, which hardly hears of a buffer, would let a hundred
   * of them lie.
   *
   * @throws {OutboardError} BAD_CHUNK or UNKNOWN_ARRAY when no request can be told
   */
  chunk(frame: ArrayBuffer): void {
    try {
      this.#take(frame);
    } finally {
      frame.transfer(0);
    }
  }

  #take(frame: ArrayBuffer): void {
    const chunk = decodeChunk(frame);
    if (typeof chunk === "string") {
      throw new OutboardError("BAD_CHUNK", `Cannot take the binary frame: ${chunk}`);
    }
    const transfer = this.#find(chunk.id);
    if (transfer === undefined) {
      if (this.#refused.has(chunk.id)) return;
      throw new OutboardError(
        "UNKNOWN_ARRAY",
        `Cannot take the chunk: no array ${chunk.id} is declared`,
        { array: chunk.id },
      );
    }
    const fault = transfer.coverage.add(chunk.offset, chunk.offset + chunk.bytes.byteLength);
    if (fault !== undefined) {
      return this.refuse(
        chunk.id,
        new OutboardError("BAD_CHUNK", `Cannot take a chunk of '${transfer.name}': ${fault}`, {
          array: chunk.id,
          input: transfer.name,
          offset: chunk.offset,
        }),
      );
    }
    transfer.target.set(chunk.bytes, chunk.offset);
    transfer.onGrown(transfer.coverage.beginning);
    if (!transfer.coverage.complete) return this.#await(transfer);
    this.#end(transfer);
    transfer.resolve();
  }

  /** Stops waiting for array `id`; what still comes of it is dropped. */
  refuse(id: number, error?: OutboardError): void {
    this.#refused.add(id);
    if (this.#refused.size > MAX_REMEMBERED) {
      const [oldest] = this.#refused;
      this.#refused.delete(oldest as number);
    }
    const transfer = this.#find(id);
    if (transfer === undefined) return;
    this.#end(transfer);
    transfer.reject(error ?? new OutboardError("CANCELLED", "The job was cancelled"));
  }
}
