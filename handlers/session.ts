import type { ArrayRef } from "../workers/array.ts";
import { OutboardError } from "../workers/errors.ts";
import { Roster } from "../workers/roster.ts";
import type { Core } from "./core.ts";
import { dispatchText } from "./dispatch.ts";
import type { RunningJob } from "./jobs/running_job.ts";
import type { SessionLane } from "./lane/session_lane.ts";
import { IncomingArrays } from "./wire/incoming_arrays.ts";
import { errorResponse } from "./wire/jsonrpc.ts";
import { printable } from "./wording.ts";

/** An array whose bytes follow a message. */
export interface OutgoingArray {
  id: number;
  ref: ArrayRef;
  /** The bytes of it that go now; all of them by default. */
  part?: { start: number; end: number };
  /** To be called once, when the last byte has been sent or will never be. */
  sent(): void;
}

/** A text frame and the arrays that it declares, or arrays that were declared before. */
export interface Outgoing {
  text?: string;
  arrays: OutgoingArray[];
}

/** The way to the client: all that a session knows of a socket. */
export interface Transport {
  send(message: Outgoing): void;
  /** Sends no more of the arrays with these ids. */
  drop(ids: ReadonlySet<number>): void;
}

export interface ClientInfo {
  name: string;
  version: string;
}

const LAST_ARRAY_ID = 2 ** 32 - 1;

/** One client's conversation: messages in, messages out. */
export class Session {
  readonly id = crypto.randomUUID();
  readonly core: Core;
  readonly incoming: IncomingArrays;
  /** Whether the client is on this machine, as far as the connection tells. */
  readonly local: boolean;
  /** The slots that it has been given. */
  lane: SessionLane | undefined;
  readonly connectedAt = performance.now();
  /** Unfinished jobs. */
  readonly jobs = new Roster<RunningJob>();
  /** Who the client is, once it has said hello. */
  client: ClientInfo | undefined;
  readonly #transport: Transport;
  /** Text frames that are still being answered. */
  readonly #unanswered = new Roster<Promise<void>>();
  #lastArrayId = 0;
  #closed = false;

  constructor(core: Core, transport: Transport, { local = false }: { local?: boolean } = {}) {
    this.core = core;
    this.local = local;
    this.#transport = transport;
    this.incoming = new IncomingArrays(core.limits.arrayTimeoutSeconds * 1000, core.timeouts);
    core.sessions.add(this);
  }

  /** The client's name for people, fit for the log. */
  get clientName(): string {
    return printable(this.client?.name ?? "a client without a name");
  }

  /** Answers a text frame. What it declares is in place when this returns; the answer may come later. */
  receiveText(text: string): Promise<void> {
    if (this.#closed) return Promise.resolve();
    const answered = dispatchText(this, text);
    this.#unanswered.add(answered);
    return answered.finally(() => void this.#unanswered.delete(answered));
  }

  /** When every message that has come so far is answered. */
  async answered(): Promise<void> {
    await Promise.all(this.#unanswered);
  }

  /** Takes a binary frame. */
  receiveBinary(frame: ArrayBuffer): void {
    if (this.#closed) return;
    try {
      this.incoming.chunk(frame);
    } catch (error) {
      if (!(error instanceof OutboardError)) throw error;
      this.send({ text: errorResponse(null, error.toFailure()), arrays: [] });
    }
  }

  send(message: Outgoing): void {
    if (this.#closed) { for (const array of message.arrays) array.sent(); }
    else this.#transport.send(message);
  }

  /** Sends no more of the arrays with these ids: what waits of them is given back. */
  drop(ids: ReadonlySet<number>): void {
    if (!this.#closed) this.#transport.drop(ids);
  }

  notify(method: string, params: Record<string, unknown>): void {
    this.send({ text: JSON.stringify({ jsonrpc: "2.0", method, params }), arrays: [] });
  }

  /** A number for an outgoing array, unique among those in flight. */
  nextArrayId(): number {
    this.#lastArrayId = this.#lastArrayId === LAST_ARRAY_ID ? 1 : this.#lastArrayId + 1;
    return this.#lastArrayId;
  }

  jobNamed(name: string): RunningJob | undefined {
    return this.jobs.find((job) => job.name === name);
  }

  cancelAll(reason: OutboardError): void {
    for (const job of this.jobs) job.cancel(reason);
  }

  /** The client is gone: its jobs are stopped and nothing more is sent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.core.sessions.delete(this);
    this.cancelAll(new OutboardError("CANCELLED", "The connection was closed"));
    this.lane?.close();
  }
}
