import { bytesOf } from "../workers/array.ts";
import { SEND_AHEAD_BYTES, STUCK_SEND_MS } from "./limits.ts";
import type { Outgoing, OutgoingArray, Transport } from "./session.ts";
import { CHUNK_HEADER_BYTES, encodeChunk } from "./wire/chunk.ts";

/** The part of a WebSocket that sending needs. */
export interface Sink {
  readonly readyState: number;
  readonly bufferedAmount: number;
  /** Has a copy of `data` when it returns. */
  send(data: string | Uint8Array<ArrayBuffer>): void;
}

/** Text that a client leaves unread beyond this is not kept for it. */
const MAX_UNREAD_BYTES = 64 * 2 ** 20;

/** How often a full socket is looked at again, in ms: it tells nobody when it drains. */
const LOOK_AGAIN_MS = 1;

interface Sending extends OutgoingArray {
  bytes: Uint8Array<SharedArrayBuffer>;
  offset: number;
}

/**
 * Sends messages and the arrays that they declare: text at once, arrays in chunks, one of each array in turn, so that
 * an answer of 100 MB never stands before the next ping.
 */
export class Outbox implements Transport {
  readonly #sink: Sink;
  readonly #frame: ArrayBuffer;
  readonly #onStuck: (reason: string) => void;
  readonly #queue: Sending[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lowest = Infinity;
  #lastMove = 0;
  #drained: (() => void) | undefined;

  /**
   * @param frame What each chunk is put together in, and no larger than; several outboxes may share it. Memory of its
   * own would lie until the next collection, which hardly hears of it.
   */
  constructor(sink: Sink, frame: ArrayBuffer, onStuck: (reason: string) => void) {
    this.#sink = sink;
    this.#frame = frame;
    this.#onStuck = onStuck;
  }

  get #open(): boolean {
    return this.#sink.readyState === WebSocket.OPEN;
  }

  send({ text, arrays }: Outgoing): void {
    if (!this.#open) {
      for (const array of arrays) array.sent();
      return;
    }
    if (text !== undefined) this.#sink.send(text);
    for (const array of arrays) {
      const { start, end } = array.part ?? { start: 0, end: Infinity };
      const bytes = bytesOf(array.ref).subarray(0, end);
      if (bytes.byteLength <= start) array.sent();
      else this.#queue.push({ ...array, bytes, offset: start });
    }
    if (this.#sink.bufferedAmount > MAX_UNREAD_BYTES) {
      return this.#onStuck("it does not read its answers");
    }
    if (this.#timer === undefined) this.#pump();
  }

  #pump(): void {
    this.#timer = undefined;
    while (this.#queue.length > 0) {
      if (!this.#open) return this.close();
      if (this.#sink.bufferedAmount > SEND_AHEAD_BYTES) return this.#wait();
      this.#lowest = Infinity;
      this.#sendChunk(this.#queue.shift() as Sending);
    }
    this.#drained?.();
  }

  #sendChunk(array: Sending): void {
    const mostBytes = this.#frame.byteLength - CHUNK_HEADER_BYTES;
    const end = Math.min(array.offset + mostBytes, array.bytes.byteLength);
    const bytes = array.bytes.subarray(array.offset, end);
    this.#sink.send(encodeChunk(array.id, array.offset, bytes, this.#frame));
    array.offset = end;
    if (end < array.bytes.byteLength) this.#queue.push(array);
    else array.sent();
  }

  #wait(): void {
    const now = performance.now();
    if (this.#sink.bufferedAmount < this.#lowest) {
      this.#lowest = this.#sink.bufferedAmount;
      this.#lastMove = now;
    } else if (now - this.#lastMove > STUCK_SEND_MS) {
      return this.#onStuck(`it has taken nothing for ${STUCK_SEND_MS / 1000} s`);
    }
    this.#timer = setTimeout(() => this.#pump(), LOOK_AGAIN_MS);
  }

  drop(ids: ReadonlySet<number>): void {
    for (const array of this.#queue.splice(0)) {
      if (ids.has(array.id)) array.sent();
      else this.#queue.push(array);
    }
  }

  /** When everything has been handed to the socket. */
  drained(): Promise<void> {
    if (this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained = resolve);
  }

  /** Nothing more is sent: the memory of what waits is given back. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const array of this.#queue.splice(0)) array.sent();
    this.#drained?.();
  }
}
