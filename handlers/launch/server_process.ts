import type { LogEvent } from "../log.ts";
import { readLines } from "./lines.ts";
import { type Grants, serverArguments } from "./permissions.ts";
import type { MarkedOptions, ServerOptions } from "./server_options.ts";

/** What the server process says once it listens. */
export interface Ready {
  event: "ready";
  url: string;
  port: number;
  pid: number;
  threads: number;
  operations: string[];
}

export interface ServerProcess {
  /** Asks it to stop, as often as one likes. */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
  /** Its exit code. */
  ended: Promise<number>;
}

/**
 * The events in a line of the server's output. What does not carry the mark is an operation's own `console.log`, which
 * comes here too, and which must not pass for an event.
 */
function* toEvents(line: string, mark: string): Generator<LogEvent> {
  const at = line.indexOf(mark);
  const text = at < 0 ? line : line.slice(0, at);
  if (text !== "") yield { event: "output", message: text };
  if (at >= 0) yield JSON.parse(line.slice(at + mark.length)) as LogEvent;
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
  const mark = `${crypto.randomUUID()} `;
  tell(JSON.stringify({ ...options, mark } satisfies MarkedOptions));
  const reading = (async () => {
    for await (const line of readLines(child.stdout)) {
      for (const event of toEvents(line, mark)) {
        // It is our own program's word: no other knows the mark.
        if (event.event === "ready") on.ready(event as unknown as Ready);
        else on.event(event);
      }
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
