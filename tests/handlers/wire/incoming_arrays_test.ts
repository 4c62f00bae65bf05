import { assertEquals } from "@std/assert/equals.js";
import { assertThrows } from "@std/assert/throws.js";
import { OutboardError } from "../../../workers/errors.ts";
import { encodeChunk } from "../../../handlers/wire/chunk.ts";
import { IncomingArrays } from "../../../handlers/wire/incoming_arrays.ts";
import { Timeouts } from "../../../workers/timeouts.ts";
import { FakeClock } from "../fake_clock.ts";

const timeouts = new Timeouts();

const incomingArrays = () => new IncomingArrays(1000, timeouts);

const ref = (bytes: number) => ({
  buffer: new SharedArrayBuffer(bytes),
  byteOffset: 0,
  dtype: "uint8" as const,
  shape: [bytes],
});

const chunk = (offset: number, ...bytes: number[]) =>
  encodeChunk(7, offset, Uint8Array.from(bytes)).buffer;

Deno.test("IncomingArrays.receive() writes the bytes into the memory that it is given", async () => {
  const arrays = incomingArrays();
  const array = ref(4);
  const received = arrays.receive(7, "points", array);
  arrays.chunk(chunk(2, 30, 40));
  assertEquals(arrays.has(7), true);
  arrays.chunk(chunk(0, 10, 20));
  await received;
  assertEquals(arrays.has(7), false);
  assertEquals(new Uint8Array(array.buffer), new Uint8Array([10, 20, 30, 40]));
});

Deno.test("IncomingArrays.receive() waits as long as chunks keep coming", async () => {
  using clock = new FakeClock();
  const arrays = incomingArrays();
  let failure: unknown;
  const received = arrays.receive(7, "points", ref(10)).catch((error) => failure = error);
  for (let at = 0; at < 9; at++) {
    clock.advance(999);
    arrays.chunk(chunk(at, 1));
  }
  clock.advance(999);
  assertEquals(arrays.has(7), true);
  clock.advance(1);
  assertEquals(arrays.has(7), false);
  await received;
  assertEquals((failure as OutboardError).code, "ARRAY_INCOMPLETE");
  assertEquals(clock.pending, 0);
});

Deno.test("IncomingArrays.refuse() drops what still comes, until the id is declared again", async () => {
  const arrays = incomingArrays();
  arrays.refuse(7);
  arrays.chunk(chunk(0, 1));
  const received = arrays.receive(7, "points", ref(1));
  arrays.chunk(chunk(0, 1));
  await received;
  const error = assertThrows(() => arrays.chunk(chunk(0, 1)), OutboardError) as OutboardError;
  assertEquals(error.code, "UNKNOWN_ARRAY");
});

Deno.test("IncomingArrays.refuse() remembers the last few thousand ids and forgets the oldest", () => {
  const arrays = incomingArrays();
  for (let id = 7; id < 7 + 4096; id++) arrays.refuse(id);
  arrays.chunk(chunk(0, 1));
  arrays.refuse(5000);
  assertThrows(() => arrays.chunk(chunk(0, 1)), OutboardError);
});

Deno.test("IncomingArrays.chunk() frees the memory of every frame, taken or not", async () => {
  const arrays = incomingArrays();
  const received = arrays.receive(7, "points", ref(2));
  const [taken, bad, dropped, stray] = [chunk(0, 1), chunk(9, 1), chunk(1, 1), chunk(0, 1)];
  arrays.chunk(taken);
  arrays.chunk(bad);
  await received.catch((error: OutboardError) => assertEquals(error.code, "BAD_CHUNK"));
  arrays.chunk(dropped);
  assertThrows(() => incomingArrays().chunk(stray), OutboardError);
  assertEquals([taken, bad, dropped, stray].map(({ detached }) => detached), Array(4).fill(true));
});
