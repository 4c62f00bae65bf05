import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FLAGS } from "../../handlers/launch/flags.ts";
import { type Ready, RunningMain } from "../launch/running_main.ts";
import { type InstalledBlender, installExtension } from "./blender_stage.ts";
import { Child } from "./child.ts";
import type { Need } from "./figure.ts";
import { Processes } from "./processes.ts";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const HERE = join(ROOT, "tests", "bench");
/** Operations that only tests and benchmarks have. */
const OPERATIONS = [join(ROOT, "tests", "operations"), join(HERE, "operations")];
/** Of every server, unless a figure says otherwise. */
export const THREADS = 2;

/** A server of ours that is running. */
export interface Outboard extends Ready {
  /** Its state folder, where clients find it. */
  home: string;
}

export interface StageOptions {
  quick: boolean;
  python: string;
  blender?: string;
}

/** Everything that figures are measured with: started when it is asked for, ended with the stage. */
export class Stage {
  readonly quick: boolean;
  readonly python: string;
  readonly #blenderProgram: string | undefined;
  readonly #open = new AsyncDisposableStack();
  readonly #started = new Map<string, Promise<unknown>>();

  constructor({ quick, python, blender }: StageOptions) {
    this.quick = quick;
    this.python = python;
    this.#blenderProgram = blender;
  }

  /** What a figure cannot be measured without and is not here, in words. */
  lacks(needs: readonly Need[] = []): string | undefined {
    const says: Record<Need, string | undefined> = {
      linux: Deno.build.os === "linux" ? undefined : "it reads /proc, which only Linux has",
      blender: this.#blenderProgram ? undefined : "name a Blender 4.2 or newer in OUTBOARD_BLENDER",
      screen: hasProgram("Xvfb") ? undefined : "install Xvfb",
    };
    return needs.map((need) => says[need]).find((text) => text !== undefined);
  }

  #once<T>(key: string, start: () => Promise<T>): Promise<T> {
    let started = this.#started.get(key);
    if (started === undefined) this.#started.set(key, started = start());
    return started as Promise<T>;
  }

  /** A server of ours, one per `name`. */
  outboard(name = "usual", flags: readonly string[] = []): Promise<Outboard> {
    return this.#once(`outboard ${name}`, async () => {
      const folders = OPERATIONS.flatMap((folder) => ["--operations", folder]);
      const main = this.#open.use(
        new RunningMain([
          ...["--json", "--port", "0", "--threads", String(THREADS), "--log-level", "error"],
          ...folders,
          ...flags,
        ]),
      );
      const ready = await main.ready();
      // What it says is read to its end: a full pipe would make it wait.
      void main.end();
      return { ...ready, home: main.home };
    });
  }

  /** A server to which arrays go by the socket, from clients on this machine too. */
  socketOnly(): Promise<Outboard> {
    const hasLane = FLAGS.some(({ name }) => name === "no-lane");
    return this.outboard("socket only", hasLane ? ["--no-lane"] : []);
  }

  /** The usual server's address, for clients that cannot set a header. */
  async usualUrl(): Promise<string> {
    const { url, token } = await this.outboard();
    return `${url}?token=${token}`;
  }

  #child(name: string, program: string, args: readonly string[], env = {}): Promise<Child> {
    return this.#once(name, () => {
      return Promise.resolve(this.#open.use(new Child(name, program, args, { cwd: ROOT, env })));
    });
  }

  /** The Python clients, and numpy, in a process of their own. */
  client(): Promise<Child> {
    return this.#child("Python", this.python, ["-u", join(HERE, "clients", "python_client.py")]);
  }

  async processes(): Promise<Processes> {
    const program = join(HERE, "clients", "processes.py");
    return new Processes(await this.#child("processes", this.python, ["-u", program]));
  }

  /** The demo's server. @returns Its address */
  demo(): Promise<string> {
    return this.#once("demo url", async () => {
      const program = join(HERE, "references", "demo_server.py");
      return await (await this.#child("demo", this.python, ["-u", program])).ready<string>();
    });
  }

  /** A server that sends every frame back as it came, and does nothing else. @returns Its address */
  echo(): Promise<string> {
    return this.#once("echo url", async () => {
      const program = join(HERE, "references", "echo_server.ts");
      const args = ["run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1", program];
      return await (await this.#child("echo", Deno.execPath(), args)).ready<string>();
    });
  }

  /** A Blender with the extension, which finds the usual server. */
  installedBlender(): Promise<InstalledBlender> {
    return this.#once("installed", async () => {
      const { home } = await this.outboard();
      const setup = { python: this.python, folder: await this.folder(), home };
      return await installExtension(this.#blenderProgram ?? "blender", setup);
    });
  }

  /** The extension in a Blender without a window, connected. */
  async blender(): Promise<Child> {
    const { program, env } = await this.installedBlender();
    const script = join(HERE, "blender", "in_background.py");
    return await this.#child("Blender", program, ["-b", "--python", script], env);
  }

  /** The extension in a Blender with a window, on a screen without a monitor. */
  async window(): Promise<Child> {
    const { program, env } = await this.installedBlender();
    const script = join(HERE, "blender", "in_window.py");
    const DISPLAY = await this.#once("display", async () => {
      const args = ["-u", join(HERE, "blender", "screen.py")];
      return await (await this.#child("screen", this.python, args)).ready<string>();
    });
    return await this.#child("window", program, ["--python", script], { ...env, DISPLAY });
  }

  /** A folder of its own that goes with the stage. */
  async folder(): Promise<string> {
    const folder = await Deno.makeTempDir({ prefix: "outboard-bench-" });
    this.#open.defer(() => Deno.remove(folder, { recursive: true }));
    return folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#started.values());
    await this.#open.disposeAsync();
  }
}

function hasProgram(name: string): boolean {
  return (Deno.env.get("PATH") ?? "").split(":").some((folder) => {
    try {
      return Deno.statSync(join(folder, name)).isFile;
    } catch {
      return false;
    }
  });
}
