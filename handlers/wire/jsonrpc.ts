import { z } from "zod";
import { ERRORS, type Failure, OutboardError } from "../../workers/errors.ts";
import { mismatch } from "../mismatch.ts";
import { isDeeperThan } from "./depth.ts";

export type RequestId = string | number | null;

/** A call that a client makes; without `id` it is a notification and is never answered. */
export interface Call {
  id?: RequestId;
  method: string;
  params: unknown;
}

/** A message that is no call, with the id to answer under. */
export interface Invalid {
  id: RequestId;
  error: OutboardError;
}

/** Deeper messages are no requests but an attempt to exhaust the stack. */
const MAX_DEPTH = 64;

const CALL = z.object({
  jsonrpc: z.literal("2.0"),
  method: z.string(),
  params: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
  id: z.union([z.string(), z.number(), z.null()]).optional(),
});

/** The id of a message that may be anything, as far as it can be told. */
function idOf(message: unknown): RequestId {
  if (typeof message !== "object" || message === null || !("id" in message)) return null;
  return typeof message.id === "string" || typeof message.id === "number" ? message.id : null;
}

function toCall(message: unknown): Call | Invalid {
  if (isDeeperThan(message, MAX_DEPTH)) {
    return {
      id: idOf(message),
      error: new OutboardError(
        "TOO_LARGE",
        `Cannot read the message: wanted at most ${MAX_DEPTH} levels of lists and objects, got more`,
        { limit: MAX_DEPTH },
      ),
    };
  }
  const parsed = CALL.safeParse(message);
  if (parsed.success) {
    const { id, method, params } = parsed.data;
    return { ...(id === undefined ? {} : { id }), method, params: params ?? {} };
  }
  const action = "Cannot read the message as a JSON-RPC 2.0 request";
  return {
    id: idOf(message),
    error: mismatch("INVALID_REQUEST", action, { value: message, error: parsed.error }),
  };
}

export type Parsed =
  | { batch: false; message: Call | Invalid }
  | { batch: true; messages: (Call | Invalid)[] };

function invalid(error: OutboardError): Parsed {
  return { batch: false, message: { id: null, error } };
}

/** Takes a text frame apart into calls. Never throws: what cannot be read comes back as something to answer. */
export function parseText(text: string, maxBatch: number): Parsed {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return invalid(
      new OutboardError("PARSE_ERROR", `Cannot read the message as JSON: ${reason}`),
    );
  }
  if (!Array.isArray(message)) return { batch: false, message: toCall(message) };
  if (message.length === 0) {
    return invalid(new OutboardError("INVALID_REQUEST", "Cannot answer an empty batch"));
  }
  if (message.length > maxBatch) {
    return invalid(
      new OutboardError(
        "TOO_LARGE",
        `Cannot take a batch of ${message.length} messages: the limit is ${maxBatch}`,
        { limit: maxBatch, came: message.length },
      ),
    );
  }
  return { batch: true, messages: message.map(toCall) };
}

/** The text of an answer. @param result JSON text */
export function resultResponse(id: RequestId, result: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`;
}

/** The text of a refusal. */
export function errorResponse(id: RequestId, { code, message, data }: Failure): string {
  return JSON.stringify({
    jsonrpc: "2.0",
    id,
    error: { code: ERRORS[code].number, message, data: { code, ...data } },
  });
}
