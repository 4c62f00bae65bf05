import { assertEquals } from "@std/assert/equals.js";
import type { ErrorCode } from "../../workers/errors.ts";
import { ERRORS } from "../../workers/errors.ts";
import { type Json, type Reply, type SessionClient, untilFree } from "./mod.ts";

/** A request that must be refused, and all that the refusal says. */
export interface Refusal {
  title: string;
  run: Json;
  code: ErrorCode;
  message: string;
  /** `data` beside its `code`. */
  data?: Json;
}

export function assertRefused(reply: Reply, { code, message, data }: Omit<Refusal, "title">): void {
  assertEquals(reply.error?.message, message);
  assertEquals(reply.error?.data, { code, ...data });
  assertEquals(reply.error?.code, ERRORS[code].number);
}

/** After an error: the session works, and nothing of the failed request holds memory or waits for bytes. */
export async function assertUnharmed(
  client: SessionClient,
  arrayIds: number[] = [],
): Promise<void> {
  await untilFree(client.session.core);
  assertEquals(arrayIds.filter((id) => client.session.incoming.has(id)), []);
  const { outputs } = await client.call("jobs.run", {
    operation: "fill",
    params: { rows: 2 },
    arrays: "json",
  });
  assertEquals(outputs, { filled: [0, 1] });
  await untilFree(client.session.core);
}
