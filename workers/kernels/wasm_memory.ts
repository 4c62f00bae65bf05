/** Memories by their bytes: WebAssembly can only work on a buffer whose memory it is given. */
const memories = new WeakMap<ArrayBufferLike, WebAssembly.Memory>();

/** Tells this thread whose bytes a shared buffer is. */
export function rememberMemory(memory: WebAssembly.Memory): void {
  memories.set(memory.buffer, memory);
}

/** The memory that a buffer is the bytes of, if this thread was told. */
export function memoryOf(buffer: ArrayBufferLike): WebAssembly.Memory | undefined {
  return memories.get(buffer);
}
