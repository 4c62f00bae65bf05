const SMALLEST = 4096;

/**
 * Shared buffers that are used again: the first touch of a fresh 12 MB block costs more than transforming it.
 *
 * Buffers come in sizes of a power of two, so that one fits the next job of about the same size; pages that nobody
 * touches take no memory. What lies unused is bounded, the oldest is let go first.
 */
export class BufferPool {
  readonly #maxPooledBytes: number;
  #free: SharedArrayBuffer[] = [];
  #pooledBytes = 0;

  constructor(maxPooledBytes: number) {
    this.#maxPooledBytes = maxPooledBytes;
  }

  /** Bytes that lie unused. */
  get pooledBytes(): number {
    return this.#pooledBytes;
  }

  /** A buffer of at least `bytes`; its content is whatever was there before. */
  take(bytes: number): { buffer: SharedArrayBuffer; fresh: boolean } {
    const size = Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(Math.max(1, bytes))));
    // From the end: the buffer given back last is the one most likely still in the processor's caches.
    const index = this.#free.findLastIndex((buffer) => buffer.byteLength === size);
    if (index < 0) return { buffer: new SharedArrayBuffer(size), fresh: true };
    const [buffer] = this.#free.splice(index, 1) as [SharedArrayBuffer];
    this.#pooledBytes -= size;
    return { buffer, fresh: false };
  }

  /** Gives a buffer back. The caller must be the last to know it: no thread may still write. */
  give(buffer: SharedArrayBuffer): void {
    const size = buffer.byteLength;
    const isOurs = size >= SMALLEST && Number.isInteger(Math.log2(size));
    if (!isOurs || size > this.#maxPooledBytes) return;
    this.#free.push(buffer);
    this.#pooledBytes += size;
    while (this.#pooledBytes > this.#maxPooledBytes) {
      this.#pooledBytes -= (this.#free.shift() as SharedArrayBuffer).byteLength;
    }
  }
}
