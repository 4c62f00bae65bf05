import { fileURLToPath } from "node:url";
import { Core } from "../../handlers/core.ts";
import { type Limits, limitsFor } from "../../handlers/limits.ts";
import type { LogEvent } from "../../handlers/log.ts";
import { Outbox } from "../../handlers/outbox.ts";
import { Session } from "../../handlers/session.ts";
import { CHUNK_HEADER_BYTES } from "../../handlers/wire/chunk.ts";
import { Client } from "./client.ts";

export const TEST_OPERATIONS = [fileURLToPath(new URL("../operations", import.meta.url))];
export const OWN_OPERATIONS = [fileURLToPath(new URL("../../workers/operations", import.meta.url))];

export function testLimits(changed: Partial<Limits> = {}): Limits {
  return { ...limitsFor({ maxArrayMib: 16, jobTimeoutSeconds: 60 }), ...changed };
}

export interface CoreSetup {
  threads?: number;
  limits?: Partial<Limits>;
  operations?: readonly string[];
  laneFolder?: string;
}

/** A core with real threads and no socket. Dispose of it, and everything has ended. */
export class StartedCore {
  readonly core: Core;
  readonly logged: LogEvent[] = [];

  constructor(
    { threads = 2, limits = {}, operations = TEST_OPERATIONS, laneFolder }: CoreSetup,
  ) {
    this.core = new Core({
      threads,
      limits: testLimits(limits),
      operations,
      laneFolder,
      log: (event) => this.logged.push(event),
    });
  }

  /** A session whose frames come and go by function calls, as if from this machine. */
  connect({ local = true }: { local?: boolean } = {}): SessionClient {
    return new SessionClient(this.core, local);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.core.stop();
  }
}

export async function startCore(setup: CoreSetup = {}): Promise<StartedCore> {
  const started = new StartedCore(setup);
  await started.core.start();
  return started;
}

export class SessionClient extends Client {
  readonly session: Session;

  constructor(core: Core, local: boolean) {
    super((frame) => {
      if (typeof frame === "string") void this.session.receiveText(frame);
      else this.session.receiveBinary(frame.slice().buffer);
    });
    const sink = {
      readyState: WebSocket.OPEN,
      bufferedAmount: 0,
      send: (data: string | Uint8Array<ArrayBuffer>) =>
        this.receive(typeof data === "string" ? data : data.slice().buffer),
    };
    const frame = new ArrayBuffer(CHUNK_HEADER_BYTES + core.limits.maxChunkBytes);
    const outbox = new Outbox(sink, frame, (reason) => {
      throw new Error(`The session was dropped: ${reason}`);
    });
    this.session = new Session(core, outbox, { local });
  }
}

const LOOK_AGAIN_MS = 1;
const GIVE_UP_MS = 30_000;

/** Waits for something that tells nobody when it comes about, such as memory given back by a thread that ends. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const started = performance.now();
  while (!condition()) {
    if (performance.now() - started > GIVE_UP_MS) throw new Error(`It never came about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** Waits until no unfinished job holds memory. */
export async function untilFree(core: Core): Promise<void> {
  const nothingHeld = () =>
    core.budget.held === 0 && core.scheduler.jobs.length === 0 &&
    [...core.sessions].every(({ jobs }) => jobs.size === 0);
  await until(nothingHeld, "all memory is given back");
}
