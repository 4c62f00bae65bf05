/** A kernel's copy of the module behind it would know no memory: all threads' code shares the one of ../wasm_memory.ts. */
export { memoryOf, rememberMemory } from "../wasm_memory.ts";
