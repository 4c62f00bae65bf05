import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { BufferPool } from "../../workers/buffers.ts";

const MIB = 2 ** 20;

Deno.test("BufferPool.take() gives a buffer again that fits the size", () => {
  const pool = new BufferPool(64 * MIB);
  const { buffer, fresh } = pool.take(3 * MIB);
  assertEquals([buffer.byteLength, fresh], [4 * MIB, true]);
  pool.give(buffer);
  assertEquals(pool.pooledBytes, 4 * MIB);
  const again = pool.take(4 * MIB);
  assert(again.buffer === buffer && !again.fresh);
  assertEquals(pool.pooledBytes, 0);
  assert(pool.take(4 * MIB + 1).fresh);
});

Deno.test("BufferPool.give() keeps no more than its bound, the newest first", () => {
  const pool = new BufferPool(8 * MIB);
  const buffers = [1, 2, 3].map(() => pool.take(4 * MIB).buffer);
  for (const buffer of buffers) pool.give(buffer);
  assertEquals(pool.pooledBytes, 8 * MIB);
  assert(pool.take(4 * MIB).buffer === buffers[2]);
  assert(pool.take(4 * MIB).buffer === buffers[1]);
  assert(pool.take(4 * MIB).fresh);
});

Deno.test("BufferPool.give() lets go of what is larger than its bound or no size of its own", () => {
  const pool = new BufferPool(MIB);
  pool.give(new SharedArrayBuffer(2 * MIB));
  pool.give(new SharedArrayBuffer(5000));
  assertEquals(pool.pooledBytes, 0);
});

Deno.test("BufferPool.take() has room for no bytes at all", () => {
  assert(new BufferPool(MIB).take(0).buffer.byteLength > 0);
});
