import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { BlockPool } from "../../workers/block_pool.ts";
import { memoryOf } from "../../workers/wasm_memory.ts";

const MIB = 2 ** 20;
const SMALL = 4096;

Deno.test("BlockPool.take() gives a block again that fits the size", () => {
  const pool = new BlockPool(64 * MIB);
  const room = pool.take(3 * MIB);
  assertEquals([room.buffer.byteLength, room.byteOffset, room.fresh], [4 * MIB, 0, true]);
  pool.give(room);
  assertEquals(pool.pooledBytes, 4 * MIB);
  const again = pool.take(4 * MIB);
  assert(again.buffer === room.buffer && !again.fresh);
  assertEquals(pool.pooledBytes, 0);
  assert(pool.take(4 * MIB + 1).fresh);
});

Deno.test("BlockPool.take() gives the smallest free block that is large enough, of several the last", () => {
  const pool = new BlockPool(64 * MIB);
  const rooms = [8, 2, 4, 4, 1].map((mib) => pool.take(mib * MIB));
  for (const room of rooms) pool.give(room);
  const [eight, two, four, otherFour, one] = rooms.map(({ buffer }) => buffer);
  const wanted = [[3, otherFour], [3, four], [3, eight], [0.5, one], [0.5, two]] as const;
  for (const [mib, buffer] of wanted) assert(pool.take(mib * MIB).buffer === buffer);
  assertEquals(pool.pooledBytes, 0);
  assert(pool.take(MIB).fresh);
});

Deno.test("BlockPool.give() keeps no more than its bound, the newest first, and says what it lets go", () => {
  const gone: SharedArrayBuffer[] = [];
  const pool = new BlockPool(8 * MIB, (buffer) => gone.push(buffer));
  const rooms = [1, 2, 3].map(() => pool.take(4 * MIB));
  for (const room of rooms) pool.give(room);
  assertEquals(pool.pooledBytes, 8 * MIB);
  assert(gone.length === 1 && gone[0] === rooms[0]?.buffer);
  assert(pool.take(4 * MIB).buffer === rooms[2]?.buffer);
  assert(pool.take(4 * MIB).buffer === rooms[1]?.buffer);
  assert(pool.take(4 * MIB).fresh);
});

Deno.test("BlockPool.give() lets go of what is larger than its bound or may still be written into", () => {
  const gone: number[] = [];
  const pool = new BlockPool(MIB, (buffer) => gone.push(buffer.byteLength));
  pool.give(pool.take(2 * MIB));
  pool.give(pool.take(MIB / 2), false);
  assertEquals(pool.pooledBytes, 0);
  assertEquals(gone, [2 * MIB, MIB / 2]);
});

Deno.test("BlockPool.take() puts small jobs side by side into one block, none into another's room", () => {
  const pool = new BlockPool(MIB);
  const rooms = Array.from({ length: 256 }, (_, i) => pool.take(i % (SMALL + 1)));
  assertEquals(new Set(rooms.map(({ buffer }) => buffer)).size, 1);
  assertEquals(
    rooms.map(({ byteOffset }) => byteOffset).sort((a, b) => a - b),
    rooms.map((_, i) => i * SMALL),
  );
  assertEquals(pool.pooledBytes, 0);
  const other = pool.take(1);
  assert(other.buffer !== rooms[0]?.buffer, "a full block has no room");
  for (const room of [...rooms, other]) pool.give(room);
  assertEquals(pool.pooledBytes, MIB);
});

Deno.test("BlockPool.give() uses a small room's block no more once a killed thread may write into it", () => {
  const gone: SharedArrayBuffer[] = [];
  const pool = new BlockPool(MIB, (buffer) => gone.push(buffer));
  const [killed, other] = [pool.take(8), pool.take(8)];
  assert(killed?.buffer === other?.buffer);
  pool.give(killed!, false);
  assertEquals([pool.pooledBytes, gone], [0, []]);
  const next = pool.take(8);
  assert(next.buffer !== killed?.buffer);
  pool.give(other!);
  assert(gone.length === 1 && gone[0] === killed?.buffer, "let go when nobody has a room in it");
  pool.give(next);
  assertEquals(pool.pooledBytes, MIB);
});

Deno.test("BlockPool.take() gives what kernels in WebAssembly can work on", () => {
  const pool = new BlockPool(MIB);
  for (const bytes of [0, 1, SMALL, SMALL + 1, MIB, MIB + 1]) {
    const { buffer, byteOffset } = pool.take(bytes);
    assert(buffer.byteLength - byteOffset >= Math.max(1, bytes));
    assertEquals(byteOffset % 16, 0);
    assert(memoryOf(buffer)?.buffer === buffer);
  }
});

Deno.test("BlockPool.take() has room beyond what a WebAssembly memory can have", () => {
  // Pages that nobody touches take no memory.
  const { buffer } = new BlockPool(MIB).take(2 ** 32 + 1);
  assertEquals(buffer.byteLength, 2 ** 33);
  assertEquals(memoryOf(buffer), undefined);
  new Uint8Array(buffer)[2 ** 32] = 1;
});

Deno.test("BlockPool.take() falls back to plain shared memory where no WebAssembly memory can be had", () => {
  const { Memory } = WebAssembly;
  try {
    Object.assign(WebAssembly, {
      Memory: function () {
        throw new RangeError("could not allocate memory");
      },
    });
    const { buffer } = new BlockPool(MIB).take(MIB);
    assertEquals(buffer.byteLength, MIB);
    assertEquals(memoryOf(buffer), undefined);
  } finally {
    Object.assign(WebAssembly, { Memory });
  }
});
