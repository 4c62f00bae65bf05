import { Buffer } from "node:buffer";
import { Doorbell } from "./doorbell.ts";

/** What stands in a slot. Main and the thread take turns; only `withdraw` and `begin` contend for a slot. */
export const STATE = {
  /** Nothing; main may write. */
  FREE: 0,
  /** A request that the thread has not begun. */
  QUEUED: 1,
  RUNNING: 2,
  /** Done; the text, if there is one, is the outputs as JSON. */
  DONE: 3,
  /** Failed; the text is a SliceFailure as JSON. */
  FAILED: 4,
  /** Answered by a message through the port. */
  POSTED: 5,
  /** A request that main has taken back before the thread began it. */
  WITHDRAWN: 6,
  /** The thread has passed over a request that was taken back. */
  PASSED: 7,
} as const;

export const SLOTS = 64;

// The ring's own words, then the slots: each its words and its text.
const SPIN_AT = Doorbell.BYTES;
const SLOTS_AT = 64;
const SLOT_BYTES = 4096;
// Of a slot's words; its time and its text by the byte.
const STATE_AT = 0;
const CANCEL_AT = 1;
const LENGTH_AT = 2;
const TIME_AT = 16;
const TEXT_AT = 24;
const TEXT_BYTES = SLOT_BYTES - TEXT_AT;

/** Of a UTF-16 unit in UTF-8. */
const MAX_BYTES_PER_UNIT = 3;

function fits(text: string): boolean {
  return text.length * MAX_BYTES_PER_UNIT <= TEXT_BYTES || Buffer.byteLength(text) <= TEXT_BYTES;
}

/**
 * Requests on their way to one thread and their answers on the way back, in shared memory: a message costs several
 * times as much and wakes the other side for each single job. Requests are numbered as they come, from 0; number `n`
 * has slot `n % SLOTS`, and the thread takes them in their order.
 */
export class Ring {
  readonly buffer: SharedArrayBuffer;
  /** Rung when a request has been queued. */
  readonly bell: Doorbell;
  readonly #words: Int32Array;
  readonly #times: Float64Array;
  readonly #bytes: Buffer;

  constructor(buffer = new SharedArrayBuffer(SLOTS_AT + SLOTS * SLOT_BYTES)) {
    this.buffer = buffer;
    this.bell = new Doorbell(buffer);
    this.#words = new Int32Array(buffer);
    this.#times = new Float64Array(buffer);
    this.#bytes = Buffer.from(buffer as unknown as ArrayBuffer);
  }

  #at(request: number): number {
    return SLOTS_AT + (request % SLOTS) * SLOT_BYTES;
  }

  #word(request: number, word: number): number {
    return this.#at(request) / Int32Array.BYTES_PER_ELEMENT + word;
  }

  stateOf(request: number): number {
    return Atomics.load(this.#words, this.#word(request, STATE_AT));
  }

  setState(request: number, state: number): void {
    Atomics.store(this.#words, this.#word(request, STATE_AT), state);
  }

  #change(request: number, from: number, to: number): boolean {
    return Atomics.compareExchange(this.#words, this.#word(request, STATE_AT), from, to) === from;
  }

  /** Main takes a request back. @returns False when the thread has begun it */
  withdraw(request: number): boolean {
    return this.#change(request, STATE.QUEUED, STATE.WITHDRAWN);
  }

  /** The thread takes a request. @returns False when main has taken it back */
  begin(request: number): boolean {
    return this.#change(request, STATE.QUEUED, STATE.RUNNING);
  }

  /** Writes a slot's text. @returns False, and writes that there is none, when it is too long */
  write(request: number, text: string): boolean {
    const fit = fits(text);
    this.#words[this.#word(request, LENGTH_AT)] = fit
      ? this.#bytes.write(text, this.#at(request) + TEXT_AT)
      : 0;
    return fit;
  }

  /** A slot's text; empty when there is none. */
  read(request: number): string {
    const start = this.#at(request) + TEXT_AT;
    const length = this.#words[this.#word(request, LENGTH_AT)] as number;
    return this.#bytes.toString("utf8", start, start + length);
  }

  /** Where main tells the thread to stop at what it computes. */
  cancelFlag(request: number): Int32Array {
    return this.#words.subarray(this.#word(request, CANCEL_AT), this.#word(request, CANCEL_AT) + 1);
  }

  /** How long the thread was at a request, in ms. */
  timeOf(request: number): number {
    return this.#times[(this.#at(request) + TIME_AT) / Float64Array.BYTES_PER_ELEMENT] as number;
  }

  setTime(request: number, ms: number): void {
    this.#times[(this.#at(request) + TIME_AT) / Float64Array.BYTES_PER_ELEMENT] = ms;
  }

  /** Whether it is worth the thread's while to look out for the next request before it goes to sleep. */
  get spin(): boolean {
    return Atomics.load(this.#words, SPIN_AT / Int32Array.BYTES_PER_ELEMENT) === 1;
  }

  set spin(worthwhile: boolean) {
    Atomics.store(this.#words, SPIN_AT / Int32Array.BYTES_PER_ELEMENT, Number(worthwhile));
  }
}
