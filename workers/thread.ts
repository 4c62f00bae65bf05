/**
 * The entry of every worker thread. Piscina starts it with one task that stays for the thread's life; work comes and
 * goes through the task's message port (a tenth of the cost of a piscina task per job).
 */
import { describeOperation, loadOperation } from "./catalogue.ts";
import { holdThreadLock } from "./thread_lock.ts";
import { OutboardError } from "./errors.ts";
import type { FromThread, Slice, ToThread } from "./messages.ts";
import type { AnyOperation } from "./operation.ts";
import { runSlice } from "./run_slice.ts";

await holdThreadLock();

const operations = new Map<string, Promise<AnyOperation>>();

function operationOf(module: string): Promise<AnyOperation> {
  const known = operations.get(module);
  if (known !== undefined) return known;
  const loading = loadOperation(module);
  operations.set(module, loading);
  return loading;
}

/** Where in the operation's own file an exception came from: `scatter.ts:12`. */
function placeOf(error: unknown, { name, module }: Slice): string {
  const line = error instanceof Error
    ? error.stack?.split(`${module}:`)[1]?.match(/^\d+/)?.[0]
    : undefined;
  return line === undefined ? `${name}.ts` : `${name}.ts:${line}`;
}

function toFailed(error: unknown, slice: Slice): FromThread {
  if (error instanceof OutboardError) return { type: "failed", failure: error.toFailure() };
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return {
    type: "failed",
    failure: {
      code: "OPERATION_FAILED",
      message: `Operation '${slice.name}' failed in ${placeOf(error, slice)}: ${message}`,
    },
    ...(stack === undefined ? {} : { stack }),
  };
}

async function answer(port: MessagePort, message: ToThread): Promise<void> {
  const send = (reply: FromThread): void => port.postMessage(reply);
  switch (message.type) {
    case "ping":
      return send({ type: "pong", nonce: message.nonce });
    case "describe":
      try {
        const entry = await describeOperation(message.name, message.module);
        return send({ type: "described", entry });
      } catch (error) {
        const stack = error instanceof Error ? error.stack : undefined;
        return send({
          type: "not-described",
          reason: error instanceof Error ? error.message : String(error),
          ...(stack === undefined ? {} : { stack }),
        });
      }
    case "load":
      // What does not load is told when it is asked for.
      await Promise.allSettled(message.modules.map(operationOf));
      return;
    case "run":
      // The one broad catch of this side: whatever an operation throws becomes a tagged failure, because a class
      // does not survive the way to the main thread.
      try {
        const operation = await operationOf(message.slice.module);
        const result = await runSlice(operation, message.slice, (fraction, text) =>
          send({
            type: "progress",
            fraction,
            ...(text === undefined ? {} : { message: text }),
          }));
        return send({ type: "done", result });
      } catch (error) {
        return send(toFailed(error, message.slice));
      }
  }
}

/** The resident task: answers what comes through `port` until the thread is ended. */
export default function resident({ port }: { port: MessagePort }): Promise<never> {
  port.onmessage = (event: MessageEvent<ToThread>) => void answer(port, event.data);
  port.postMessage({ type: "ready" } satisfies FromThread);
  return new Promise<never>(() => {});
}
