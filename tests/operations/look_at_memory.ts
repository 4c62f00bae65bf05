import { z } from "zod";
import { memoryOf } from "../../workers/kernels/wasm_memory.ts";
import { defineOperation } from "../../workers/operation.ts";

export default defineOperation({
  title: "Look at memory",
  description: "Tells whether its arrays lie where a kernel in WebAssembly can work on them.",
  params: z.strictObject({}),
  inputs: {
    first: { kind: "scalars", dtype: "uint8", shape: ["n"] },
    second: { kind: "scalars", dtype: "uint8", shape: ["n"] },
  },
  outputs: {
    seen: { kind: "scalars", dtype: "int32", shape: [3] },
  },
  run({ inputs: { first, second }, allocate }) {
    const seen = allocate("seen").data;
    const all = [first.data, second.data, seen];
    const memory = memoryOf(seen.buffer);
    seen[0] = Number(memory !== undefined && memory.buffer === seen.buffer);
    seen[1] = Number(all.every(({ buffer }) => buffer === seen.buffer));
    seen[2] = Number(all.every(({ byteOffset }) => byteOffset % 16 === 0));
  },
});
