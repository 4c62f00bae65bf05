import { rememberMemory } from "./wasm_memory.ts";
import { Slab } from "./slab.ts";

const PAGE_BYTES = 2 ** 16;
/** The most that a WebAssembly memory can have. */
const MAX_MEMORY_BYTES = 2 ** 32;
const SLAB_BYTES = 2 ** 20;
/** Jobs with up to this many bytes share a slab. */
const SMALL_BYTES = 4096;

/** Where the arrays of one job lie. */
export interface Room {
  buffer: SharedArrayBuffer;
  byteOffset: number;
  /** Nobody has written here: it is all zeros. */
  fresh: boolean;
}

/** A block that a kernel in WebAssembly can work on where it lies; plain shared memory where no such can be had. */
function makeBlock(bytes: number): SharedArrayBuffer {
  if (bytes > MAX_MEMORY_BYTES) return new SharedArrayBuffer(bytes);
  const pages = bytes / PAGE_BYTES;
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    rememberMemory(memory);
    return memory.buffer as unknown as SharedArrayBuffer;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new SharedArrayBuffer(bytes);
  }
}

/**
 * Blocks of shared memory that are used again: the first touch of a fresh 12 MB block costs more than transforming it.
 *
 * One job's arrays lie in one block. Blocks come in sizes of a power of two, so that one fits the next job of about the
 * same size; pages that nobody touches take no memory. A job that finds none of its size takes the next larger one: or
 * else there would be as many blocks of each size as were ever in use at a time, far more than of all together. What
 * lies unused is bounded, the oldest is let go first.
 */
export class BlockPool {
  readonly #maxPooledBytes: number;
  readonly #onLetGo: (buffer: SharedArrayBuffer) => void;
  #free: SharedArrayBuffer[] = [];
  readonly #slabs: Slab[] = [];
  #pooledBytes = 0;

  /** @param onLetGo Told of every block that will never be handed out again */
  constructor(maxPooledBytes: number, onLetGo: (buffer: SharedArrayBuffer) => void = () => {}) {
    this.#maxPooledBytes = maxPooledBytes;
    this.#onLetGo = onLetGo;
  }

  /** Bytes that lie unused. */
  get pooledBytes(): number {
    const rooms = this.#slabs.reduce((sum, slab) => sum + slab.freeRooms, 0);
    return this.#pooledBytes + rooms * SMALL_BYTES;
  }

  /** Room for `bytes`, aligned to a page or a small room; its content is whatever was there before. */
  take(bytes: number): Room {
    if (bytes <= SMALL_BYTES) return this.#takeSmall();
    const size = Math.max(PAGE_BYTES, 2 ** Math.ceil(Math.log2(bytes)));
    const buffer = this.#smallestFree(size);
    if (buffer === undefined) return { buffer: makeBlock(size), byteOffset: 0, fresh: true };
    this.#free.splice(this.#free.indexOf(buffer), 1);
    this.#pooledBytes -= buffer.byteLength;
    return { buffer, byteOffset: 0, fresh: false };
  }

  /** Of several the one given back last, which is most likely still in the processor's caches. */
  #smallestFree(size: number): SharedArrayBuffer | undefined {
    let found: SharedArrayBuffer | undefined;
    for (const buffer of this.#free) {
      const { byteLength } = buffer;
      if (byteLength >= size && byteLength <= (found?.byteLength ?? Infinity)) found = buffer;
    }
    return found;
  }

  #takeSmall(): Room {
    for (const slab of this.#slabs) {
      const byteOffset = slab.take();
      if (byteOffset !== undefined) return { buffer: slab.buffer, byteOffset, fresh: false };
    }
    const slab = new Slab(makeBlock(SLAB_BYTES), SMALL_BYTES);
    this.#slabs.push(slab);
    return { buffer: slab.buffer, byteOffset: slab.take() as number, fresh: true };
  }

  /**
   * Gives a room back.
   *
   * @param clean False when a thread may still write into it: its block is then never handed out again
   */
  give({ buffer, byteOffset }: Room, clean = true): void {
    const slab = this.#slabs.find((each) => each.buffer === buffer);
    if (slab !== undefined) return this.#giveSmall(slab, byteOffset, clean);
    const size = buffer.byteLength;
    if (!clean || size > this.#maxPooledBytes) return this.#onLetGo(buffer);
    this.#free.push(buffer);
    this.#pooledBytes += size;
    while (this.#pooledBytes > this.#maxPooledBytes) {
      const oldest = this.#free.shift() as SharedArrayBuffer;
      this.#pooledBytes -= oldest.byteLength;
      this.#onLetGo(oldest);
    }
  }

  #giveSmall(slab: Slab, byteOffset: number, clean: boolean): void {
    slab.give(byteOffset, clean);
    if (slab.inUse || (!slab.spoilt && slab === this.#slabs[0])) return;
    this.#slabs.splice(this.#slabs.indexOf(slab), 1);
    this.#onLetGo(slab.buffer);
  }
}
