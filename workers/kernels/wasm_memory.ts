/** The memories by the very buffer objects that arrays refer to: `memory.buffer` is another object in every thread. */
const MEMORIES = new WeakMap<ArrayBufferLike, WebAssembly.Memory>();

/** Remembers whose `memory.buffer` is, for kernels in WebAssembly that work on arrays where they lie. */
export function rememberMemory(memory: WebAssembly.Memory): void {
  MEMORIES.set(memory.buffer, memory);
}

/** The memory that `buffer` is the whole of, if this thread knows it. */
export function memoryOf(buffer: ArrayBufferLike): WebAssembly.Memory | undefined {
  return MEMORIES.get(buffer);
}
