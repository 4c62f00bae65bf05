import { assertEquals } from "@std/assert/equals.js";
import { CHUNK_HEADER_BYTES, decodeChunk, encodeChunk } from "../../../handlers/wire/chunk.ts";

/** Array 7, bytes 258 to 261, as docs/protocol.md lays them out. */
const FRAME = new Uint8Array([7, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 10, 20, 30]);

Deno.test("encodeChunk() writes id, zero and offset in little-endian before the bytes", () => {
  const shared = new Uint8Array(new SharedArrayBuffer(3));
  shared.set([10, 20, 30]);
  assertEquals(encodeChunk(7, 258, shared), FRAME);
  assertEquals(CHUNK_HEADER_BYTES, 16);
});

Deno.test("encodeChunk() writes over what is in the memory that it is given", () => {
  const memory = new Uint8Array(FRAME.length + 2).fill(255);
  const shared = new Uint8Array(new SharedArrayBuffer(3));
  shared.set([10, 20, 30]);
  const frame = encodeChunk(7, 258, shared, memory.buffer);
  assertEquals(frame, FRAME);
  assertEquals(frame.buffer === memory.buffer, true);
});

Deno.test("decodeChunk() reads what docs/protocol.md describes", () => {
  assertEquals(decodeChunk(FRAME.buffer), {
    id: 7,
    offset: 258,
    bytes: new Uint8Array(FRAME.buffer, 16),
  });
});

Deno.test("decodeChunk() takes the largest id and an offset beyond 32 bits", () => {
  const offset = 2 ** 40 + 5;
  const frame = encodeChunk(2 ** 32 - 1, offset, new Uint8Array(1));
  const chunk = decodeChunk(frame.buffer);
  assertEquals(typeof chunk === "string" ? chunk : [chunk.id, chunk.offset], [
    2 ** 32 - 1,
    offset,
  ]);
});

Deno.test("decodeChunk() says what is wrong with a frame that is no chunk", () => {
  assertEquals(
    decodeChunk(new ArrayBuffer(16)),
    "wanted a header of 16 bytes and at least one byte, got 16 bytes",
  );
  const nonzero = FRAME.slice();
  nonzero[5] = 1;
  assertEquals(decodeChunk(nonzero.buffer), "wanted zero in bytes 4 to 7 of its header, got 256");
});
