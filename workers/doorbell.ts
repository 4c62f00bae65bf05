const COUNT = 0;
const AWAITED = 1;
const WORDS = 2;

/** Wakes whoever waits for something in shared memory; costs next to nothing while nobody waits. One may wait at a time. */
export class Doorbell {
  static readonly BYTES = WORDS * Int32Array.BYTES_PER_ELEMENT;
  readonly #words: Int32Array;

  constructor(buffer: SharedArrayBuffer, byteOffset = 0) {
    this.#words = new Int32Array(buffer, byteOffset, WORDS);
  }

  /** To be called after what is waited for has been written. */
  ring(): void {
    Atomics.add(this.#words, COUNT, 1);
    if (Atomics.exchange(this.#words, AWAITED, 0) === 1) Atomics.notify(this.#words, COUNT);
  }

  /** Waits for a ring, unless `isThere` says that what is waited for has come already. */
  async wait(isThere: () => boolean): Promise<void> {
    const count = Atomics.load(this.#words, COUNT);
    Atomics.store(this.#words, AWAITED, 1);
    if (isThere()) return;
    // Not Atomics.wait: the thread still serves its port and whatever its operations have begun.
    await Atomics.waitAsync(this.#words, COUNT, count).value;
  }
}
