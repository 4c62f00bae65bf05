import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { readLines } from "../../handlers/launch/lines.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface Ready {
  event: "ready";
  url: string;
  token: string;
  pid: number;
  version: string;
}

export interface MainOptions {
  /** The state folder; one of its own unless given. */
  home?: string;
  env?: Record<string, string>;
}

/** `main.ts` as `deno task serve` runs it, in a process of its own with a state folder of its own. */
export class RunningMain {
  readonly child: Deno.ChildProcess;
  readonly home: string;
  readonly #lines: AsyncGenerator<string, void>;
  readonly #error: Promise<string>;
  readonly #ownsHome: boolean;

  constructor(args: readonly string[], { home, env = {} }: MainOptions = {}) {
    this.#ownsHome = home === undefined;
    this.home = home ?? Deno.makeTempDirSync({ prefix: "outboard-test-" });
    const [, ...flags] = config.tasks.serve.command.split(" ");
    this.child = new Deno.Command(Deno.execPath(), {
      args: [...flags, ...args],
      cwd: ROOT,
      env: { ...env, OUTBOARD_HOME: this.home },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#lines = readLines(this.child.stdout);
    this.#error = new Response(this.child.stderr).text();
  }

  /** The next line of its output. @throws {Error} When there is none any more */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`No more output; errors: ${await this.#error}`);
    return value;
  }

  /** The next line that is an event of this name; others are passed over. */
  async event(name: string): Promise<Record<string, unknown>> {
    for (;;) {
      const event = JSON.parse(await this.line()) as Record<string, unknown>;
      if (event.event === name) return event;
    }
  }

  async ready(): Promise<Ready> {
    return await this.event("ready") as unknown as Ready;
  }

  /** Everything it still prints, its errors and its exit code: it must end by itself. */
  async end(): Promise<{ code: number; output: string; error: string }> {
    let output = "";
    for await (const line of this.#lines) output += `${line}\n`;
    const { code } = await this.child.status;
    return { code, output, error: await this.#error };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.child.kill("SIGTERM");
    } catch { /* It has ended. */ }
    await this.end();
    if (this.#ownsHome) await Deno.remove(this.home, { recursive: true });
  }
}

/** Opens a WebSocket and waits until it is open. */
export async function open(ready: Ready): Promise<WebSocket> {
  const socket = new WebSocket(`${ready.url}?token=${ready.token}`, "outboard.v1");
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  return socket;
}

/** Whether a program listens at the address of `url`. */
export async function isListening(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  try {
    (await Deno.connect({ hostname, port: Number(port) })).close();
    return true;
  } catch (error) {
    const { ConnectionRefused, ConnectionReset } = Deno.errors;
    if (error instanceof ConnectionRefused || error instanceof ConnectionReset) return false;
    throw error;
  }
}
