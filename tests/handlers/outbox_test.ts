import { assertEquals } from "@std/assert/equals.js";
import { SEND_AHEAD_BYTES, STUCK_SEND_MS } from "../../handlers/limits.ts";
import { Outbox } from "../../handlers/outbox.ts";
import type { OutgoingArray } from "../../handlers/session.ts";
import { CHUNK_HEADER_BYTES } from "../../handlers/wire/chunk.ts";
import { FakeClock } from "./fake_clock.ts";

/** A socket that takes what it is sent and hands it on only when it is told to. */
class FakeSink {
  readyState: number = WebSocket.OPEN;
  bufferedAmount = 0;
  readonly sent: string[] = [];
  /** What frames came in. */
  readonly memory = new Set<ArrayBuffer>();

  send(data: string | Uint8Array<ArrayBuffer>): void {
    this.bufferedAmount += data.length;
    if (typeof data !== "string") this.memory.add(data.buffer);
    this.sent.push(typeof data === "string" ? data : `${data[0]}@${offsetOf(data)}`);
  }
}

function offsetOf(frame: Uint8Array<ArrayBuffer>): bigint {
  return new DataView(frame.buffer).getBigUint64(8, true);
}

interface Traced extends OutgoingArray {
  sentCount: number;
}

function array(id: number, bytes: number): Traced {
  const ref = {
    buffer: new SharedArrayBuffer(bytes),
    byteOffset: 0,
    dtype: "uint8" as const,
    shape: [bytes],
  };
  const traced: Traced = { id, ref, sentCount: 0, sent: () => traced.sentCount++ };
  return traced;
}

const CHUNK = 2 ** 20;

function outboxOver(sink: FakeSink): { outbox: Outbox; stuck: string[] } {
  const stuck: string[] = [];
  const frame = new ArrayBuffer(CHUNK_HEADER_BYTES + CHUNK);
  return { outbox: new Outbox(sink, frame, (reason) => stuck.push(reason)), stuck };
}

Deno.test("Outbox.send() sends the text first and then the arrays, a chunk of each in turn", () => {
  const sink = new FakeSink();
  const { outbox } = outboxOver(sink);
  const arrays = [array(1, CHUNK + 1), array(2, 2 * CHUNK), array(3, 0)];
  outbox.send({ text: "text", arrays });
  assertEquals(sink.sent, ["text", "1@0", "2@0", `1@${CHUNK}`, `2@${CHUNK}`]);
  assertEquals(arrays.map(({ sentCount }) => sentCount), [1, 1, 1]);
  assertEquals(sink.memory.size, 1, "a fresh megabyte for each would wait for the collector");
});

Deno.test("Outbox.send() waits while the socket is full, and lets text overtake", () => {
  using clock = new FakeClock();
  const sink = new FakeSink();
  const { outbox, stuck } = outboxOver(sink);
  const large = array(1, 20 * CHUNK);
  outbox.send({ text: "first", arrays: [large] });
  const ahead = sink.sent.length - 1;
  assertEquals(ahead, SEND_AHEAD_BYTES / CHUNK);
  outbox.send({ text: "second", arrays: [] });
  assertEquals(sink.sent.at(-1), "second");
  assertEquals(clock.pending, 1, "it waits once, however often it is asked to send");
  clock.advance(1000);
  assertEquals(sink.sent.length, ahead + 2, "nothing moves while the socket is full");
  assertEquals(large.sentCount, 0);
  for (let turn = 0; turn < 20; turn++) {
    sink.bufferedAmount = 0;
    clock.advance(10);
  }
  assertEquals(sink.sent.length, 20 + 2);
  assertEquals(large.sentCount, 1);
  assertEquals(stuck, []);
});

Deno.test("Outbox drops a client that takes nothing for a minute, not one that is slow", () => {
  using clock = new FakeClock();
  const sink = new FakeSink();
  const { outbox, stuck } = outboxOver(sink);
  outbox.send({ text: "text", arrays: [array(1, 20 * CHUNK)] });
  for (let turn = 0; turn < 5; turn++) {
    clock.advance(STUCK_SEND_MS - 1000);
    sink.bufferedAmount--;
    clock.advance(10);
  }
  assertEquals(stuck, []);
  clock.advance(STUCK_SEND_MS + 1000);
  assertEquals(stuck, ["it has taken nothing for 60 s"]);
  outbox.close();
});

Deno.test("Outbox drops a client that leaves 64 MiB of text unread", () => {
  const sink = new FakeSink();
  const { outbox, stuck } = outboxOver(sink);
  for (let index = 0; index < 64; index++) {
    outbox.send({ text: "x".repeat(CHUNK), arrays: [] });
  }
  assertEquals(stuck, []);
  outbox.send({ text: "x", arrays: [] });
  assertEquals(stuck, ["it does not read its answers"]);
});

Deno.test("Outbox.send() sends a part of an array, with no text where it was declared before", () => {
  const sink = new FakeSink();
  const { outbox } = outboxOver(sink);
  const whole = array(1, 4 * CHUNK);
  outbox.send({ arrays: [{ ...whole, part: { start: CHUNK, end: 2 * CHUNK + 1 } }] });
  outbox.send({ arrays: [{ ...whole, part: { start: 5, end: 5 } }] });
  assertEquals(sink.sent, [`1@${CHUNK}`, `1@${2 * CHUNK}`]);
  assertEquals(sink.bufferedAmount, CHUNK + 1 + 2 * 16);
  assertEquals(whole.sentCount, 2);
});

Deno.test("Outbox.drop() sends no more of an array and gives it back; others go on", () => {
  using clock = new FakeClock();
  const sink = new FakeSink();
  const { outbox } = outboxOver(sink);
  const arrays = [array(1, 9 * CHUNK), array(2, 9 * CHUNK)];
  outbox.send({ text: "text", arrays });
  outbox.drop(new Set([1]));
  assertEquals(arrays.map(({ sentCount }) => sentCount), [1, 0]);
  const before = sink.sent.length;
  for (let turn = 0; turn < 9; turn++) {
    sink.bufferedAmount = 0;
    clock.advance(10);
  }
  assertEquals(sink.sent.slice(before).filter((frame) => frame.startsWith("1@")), []);
  assertEquals(arrays.map(({ sentCount }) => sentCount), [1, 1]);
});

Deno.test("Outbox.close() gives every array back once, sent or not", () => {
  using clock = new FakeClock();
  const sink = new FakeSink();
  const { outbox } = outboxOver(sink);
  const arrays = [array(1, 1), array(2, 20 * CHUNK), array(3, 20 * CHUNK)];
  outbox.send({ text: "text", arrays });
  assertEquals(arrays.map(({ sentCount }) => sentCount), [1, 0, 0]);
  outbox.close();
  outbox.close();
  assertEquals(arrays.map(({ sentCount }) => sentCount), [1, 1, 1]);
  const before = sink.sent.length;
  sink.bufferedAmount = 0;
  clock.advance(1000);
  assertEquals(sink.sent.length, before);
});

Deno.test("Outbox gives the arrays back when the socket closes under them", () => {
  using clock = new FakeClock();
  const sink = new FakeSink();
  const { outbox } = outboxOver(sink);
  const arrays = [array(1, 20 * CHUNK), array(2, 20 * CHUNK)];
  outbox.send({ text: "text", arrays });
  sink.readyState = WebSocket.CLOSING;
  clock.advance(10);
  assertEquals(arrays.map(({ sentCount }) => sentCount), [1, 1]);
  const late = array(3, 1);
  outbox.send({ text: "late", arrays: [late] });
  assertEquals(late.sentCount, 1);
  assertEquals(sink.sent.includes("late"), false);
});

Deno.test("Outbox.drained() waits for the last chunk", async () => {
  using clock = new FakeClock();
  const sink = new FakeSink();
  const { outbox } = outboxOver(sink);
  await outbox.drained();
  outbox.send({ text: "text", arrays: [array(1, 6 * CHUNK)] });
  let drained = false;
  const done = outbox.drained().then(() => drained = true);
  await Promise.resolve();
  assertEquals(drained, false);
  sink.bufferedAmount = 0;
  clock.advance(10);
  await done;
  assertEquals(sink.sent.length, 7);
});
