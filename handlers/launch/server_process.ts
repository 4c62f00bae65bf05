import { z } from "zod";
import type { LogEvent } from "../log.ts";
import { readLines } from "./lines.ts";
import { type Grants, serverArguments } from "./permissions.ts";
import type { ServerOptions } from "./server_options.ts";

const READY = z.object({
  event: z.literal("ready"),
  url: z.string(),
  port: z.int(),
  pid: z.int(),
  threads: z.int(),
  operations: z.array(z.string()),
});

const EVENT = z.looseObject({ event: z.string() });

/** What the server process says once it listens. */
export type Ready = z.infer<typeof READY>;

export interface ServerProcess {
  /** Asks it to stop, as often as one likes. */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
  /** Its exit code. */
  ended: Promise<number>;
}

/** A line of the server's output. One that is no event is an operation's own: its `console.log` comes here too. */
function toEvent(line: string): LogEvent {
  try {
    const parsed: unknown = JSON.parse(line);
    if (EVENT.safeParse(parsed).success) return parsed as LogEvent;
  } catch { /* Text, as people write it. */ }
  return { event: "output", message: line };
}

/**
 * Starts the server process. Its standard input is its lifeline: when this process dies, however it dies, the input
 * ends and so does the server.
 */
export function startServerProcess(
  options: ServerOptions,
  grants: Grants,
  on: { ready: (ready: Ready) => void; event: (event: LogEvent) => void },
): ServerProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: serverArguments(grants),
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = child.stdin.getWriter();
  const tell = (line: string): void => {
    // A process that is gone already does not mind that it cannot be told.
    input.write(new TextEncoder().encode(`${line}\n`)).catch(() => {});
  };
  tell(JSON.stringify(options));
  const reading = (async () => {
    for await (const line of readLines(child.stdout)) {
      const event = toEvent(line);
      const ready = READY.safeParse(event);
      if (ready.success) on.ready(ready.data);
      else on.event(event);
    }
  })();
  return {
    stop: () => tell("stop"),
    kill: () => {
      try {
        child.kill("SIGKILL");
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // It has ended by itself.
      }
    },
    ended: Promise.all([child.status, reading]).then(([status]) => {
      input.close().catch(() => {});
      return status.code;
    }),
  };
}
