/**
 * The entry of every worker thread. Piscina starts it with one task that stays for the thread's life. Slices come and
 * go through a ring in shared memory, everything else through the task's message port.
 */
import { Arrivals } from "./arrivals.ts";
import { cancelSignal } from "./cancel_signal.ts";
import { describeOperation, loadOperation } from "./catalogue.ts";
import { Doorbell } from "./doorbell.ts";
import type { FromThread, ToThread } from "./messages.ts";
import type { AnyOperation } from "./operation.ts";
import { messageOf } from "./refused_permission.ts";
import { Ring, STATE } from "./ring.ts";
import { runSlice } from "./run_slice.ts";
import { fromSent, type SentSlice } from "./sent_slice.ts";
import { serveRing } from "./serve_ring.ts";
import { toSliceFailure } from "./slice_failure.ts";
import { holdThreadLock } from "./thread_lock.ts";
import { rememberMemory } from "./wasm_memory.ts";

await holdThreadLock();

const operations = new Map<string, Promise<AnyOperation>>();
const blocks = new Arrivals<SharedArrayBuffer>();
/** Texts of requests that are too long for their slots. */
const longRequests = new Arrivals<string>();

function operationOf(module: string): Promise<AnyOperation> {
  const known = operations.get(module);
  if (known !== undefined) return known;
  const loading = loadOperation(module);
  operations.set(module, loading);
  return loading;
}

async function answer(message: ToThread, send: (reply: FromThread) => void): Promise<void> {
  switch (message.type) {
    case "ping":
      return send({ type: "pong", nonce: message.nonce, blocks: blocks.size });
    case "block": {
      const { memory } = message;
      if (memory instanceof WebAssembly.Memory) rememberMemory(memory);
      const buffer = memory instanceof WebAssembly.Memory ? memory.buffer : memory;
      return blocks.come(message.block, buffer as unknown as SharedArrayBuffer);
    }
    case "forget":
      return blocks.forget(message.block);
    case "request":
      return longRequests.come(message.request, message.text);
    case "load":
      // What does not load is told when it is asked for.
      await Promise.allSettled(message.modules.map(operationOf));
      return;
    case "describe":
      try {
        const entry = await describeOperation(message.name, message.module);
        return send({ type: "described", entry });
      } catch (error) {
        const stack = error instanceof Error ? error.stack : undefined;
        return send({
          type: "not-described",
          reason: messageOf(error),
          ...(stack === undefined ? {} : { stack }),
        });
      }
  }
}

/** Computes a request. @returns The state of its slot, which has the answer unless that is posted */
async function compute(
  ring: Ring,
  request: number,
  send: (reply: FromThread) => void,
): Promise<number> {
  const begun = performance.now();
  const sent = JSON.parse(ring.read(request) || await longRequests.get(request)) as SentSlice;
  longRequests.forget(request);
  // The one broad catch of this side: whatever an operation throws becomes an answer.
  try {
    const operation = await operationOf(sent.module);
    const slice = await fromSent(sent, blocks);
    const result = await runSlice(operation, slice, {
      signal: cancelSignal(ring.cancelFlag(request)),
      report: (fraction, message) =>
        send({
          type: "progress",
          request,
          fraction,
          ...(message === undefined ? {} : { message }),
        }),
    });
    const ms = performance.now() - begun;
    ring.setTime(request, ms);
    const fits = ring.write(request, result.text ?? "");
    if (fits && Object.keys(result.allocated).length === 0) return STATE.DONE;
    send({ type: "answer", request, answer: { result, ms } });
  } catch (error) {
    const failure = toSliceFailure(error, sent);
    if (ring.write(request, JSON.stringify(failure))) return STATE.FAILED;
    send({ type: "answer", request, answer: failure });
  }
  return STATE.POSTED;
}

interface Given {
  port: MessagePort;
  /** Of the thread's ring; the thread that only loads files has none. */
  ring: SharedArrayBuffer | undefined;
  /** Of what is rung when an answer is in the ring. */
  bell: SharedArrayBuffer;
}

/** The resident task: works until the thread is ended. */
export default function resident({ port, ring: shared, bell }: Given): Promise<never> {
  const send = (reply: FromThread): void => port.postMessage(reply);
  port.onmessage = (event: MessageEvent<ToThread>) => void answer(event.data, send);
  send({ type: "ready" });
  if (shared === undefined) return new Promise<never>(() => {});
  const ring = new Ring(shared);
  return serveRing(ring, new Doorbell(bell), (request) => compute(ring, request, send));
}
