import { OutboardError } from "../workers/errors.ts";
import { declaredIds } from "./jobs/declaration.ts";
import { METHODS } from "./methods/mod.ts";
import { type Answer, JsonText } from "./methods/method.ts";
import { mismatch } from "./mismatch.ts";
import type { Outgoing, Session } from "./session.ts";
import {
  type Call,
  errorResponse,
  type Invalid,
  parseText,
  resultResponse,
} from "./wire/jsonrpc.ts";
import { shorten } from "./wording.ts";

/** Calls the method's handler. It runs at once up to its first wait, so that arrays are declared before their bytes come. */
function handle(session: Session, { method, params }: Call): Answer | Promise<Answer> {
  const handler = METHODS.get(method);
  if (handler === undefined) {
    throw new OutboardError(
      "METHOD_NOT_FOUND",
      `Cannot call '${shorten(method)}': the methods are ${[...METHODS.keys()].join(", ")}`,
    );
  }
  const parsed = handler.params.safeParse(params);
  if (!parsed.success) {
    throw mismatch("INVALID_PARAMS", `Cannot call '${method}'`, {
      value: params,
      error: parsed.error,
    });
  }
  return handler.handle(session, parsed.data);
}

/** Turns anything thrown into the wire's error; what is no OutboardError is our own defect and goes to the log. */
function toError(session: Session, call: Call, error: unknown): OutboardError {
  if (error instanceof OutboardError) return error;
  session.core.log({
    event: "defect",
    level: "error",
    message: `${call.method} failed: ${error instanceof Error ? error.stack : String(error)}`,
  });
  return new OutboardError("INTERNAL", `The server failed in '${call.method}'; its log says more`);
}

/** Answers one call; undefined for a notification. The one broad catch of the server's main thread. */
async function answer(session: Session, message: Call | Invalid): Promise<Outgoing | undefined> {
  if ("error" in message) {
    return { text: errorResponse(message.id, message.error.toFailure()), arrays: [] };
  }
  let reply: Outgoing;
  try {
    const { result, arrays = [] } = await handle(session, message);
    const json = result instanceof JsonText ? result.text : JSON.stringify(result);
    reply = { text: resultResponse(message.id ?? null, json), arrays };
  } catch (error) {
    const { code, message: text, data } = toError(session, message, error);
    for (const id of declaredIds(message.params)) {
      if (!session.incoming.has(id)) session.incoming.refuse(id);
    }
    const failure = data === undefined ? { code, message: text } : { code, message: text, data };
    reply = { text: errorResponse(message.id ?? null, failure), arrays: [] };
  }
  if (message.id !== undefined) return reply;
  for (const array of reply.arrays) array.sent();
  return undefined;
}

/** Answers a text frame: a call, a notification or a batch of them. */
export async function dispatchText(session: Session, text: string): Promise<void> {
  const parsed = parseText(text, session.core.limits.maxBatch);
  if (!parsed.batch) {
    const reply = await answer(session, parsed.message);
    if (reply !== undefined) session.send(reply);
    return;
  }
  const replies = (await Promise.all(parsed.messages.map((message) => answer(session, message))))
    .filter((reply) => reply !== undefined);
  if (replies.length === 0) return;
  session.send({
    text: `[${replies.map(({ text }) => text).join()}]`,
    arrays: replies.flatMap(({ arrays }) => arrays),
  });
}
