/**
 * The server process. The parent starts it with the least permissions and tells it by the first line of standard input
 * what to do; a line `stop`, or the end of the input (the parent is gone), ends it.
 */
import { limitsFor } from "./limits.ts";
import { eventsTo, readLines } from "./launch/lines.ts";
import type { MarkedOptions } from "./launch/server_options.ts";
import type { Log } from "./log.ts";
import { serve, type Server } from "./serve.ts";

const EXIT_ADDRESS_IN_USE = 2;

const lines = readLines(Deno.stdin.readable);

async function start(options: MarkedOptions, emit: Log): Promise<Server> {
  try {
    return await serve({ ...options, limits: limitsFor(options), log: emit });
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    emit({ event: "address-in-use", level: "error" });
    Deno.exit(EXIT_ADDRESS_IN_USE);
  }
}

const first = await lines.next();
if (first.done) Deno.exit(0);
const options = JSON.parse(first.value) as MarkedOptions;
const emit = eventsTo(Deno.stdout, options.mark);
const server = await start(options, emit);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await server.stop();
  Deno.exit(0);
}

// The terminal sends Ctrl-C to the parent and to us; the parent's word comes by standard input.
const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
for (const signal of signals) Deno.addSignalListener(signal, () => void stop());

emit({
  event: "ready",
  url: server.url,
  port: server.port,
  pid: Deno.pid,
  threads: server.core.scheduler.pool.size,
  operations: server.core.catalogue.operations.map(({ name }) => name),
});

let told = false;
for await (const line of lines) {
  told = line === "stop";
  if (told) break;
}
if (!told) {
  // Nobody reads our events any more; the terminal may still be there.
  eventsTo(Deno.stderr)({ event: "orphaned", message: "The parent process is gone: stopping" });
}
await stop();
