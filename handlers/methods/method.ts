import type { z } from "zod";
import type { OutgoingArray, Session } from "../session.ts";

export interface Answer {
  result: unknown;
  /** Arrays that the result declares; their bytes follow it. */
  arrays?: OutgoingArray[];
}

/** One method of the wire: what it takes and what it does. */
export interface Method<Params = unknown> {
  params: z.ZodType<Params>;
  handle(session: Session, params: Params): Answer | Promise<Answer>;
}

export function defineMethod<Params>(method: Method<Params>): Method {
  return method as Method;
}
