import type { z } from "zod";
import type { OutgoingArray, Session } from "../session.ts";

export interface Answer {
  /** JSON, or text that is JSON already. */
  result: unknown | JsonText;
  /** Arrays that the result declares; their bytes follow it. */
  arrays?: OutgoingArray[];
}

/** A value as the text that JSON has for it: what a thread has made into text is not taken apart again. */
export class JsonText {
  constructor(readonly text: string) {}
}

/** One method of the wire: what it takes and what it does. */
export interface Method<Params = unknown> {
  params: z.ZodType<Params>;
  handle(session: Session, params: Params): Answer | Promise<Answer>;
}

export function defineMethod<Params>(method: Method<Params>): Method {
  return method as Method;
}
