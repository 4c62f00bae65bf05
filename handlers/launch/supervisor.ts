import { VERSION } from "../version.ts";
import type { Discovery } from "./discovery.ts";
import type { Flags } from "./flags.ts";
import { LaneFolder } from "./lane_folder.ts";
import { type Ready, type ServerProcess, startServerProcess } from "./server_process.ts";
import type { Terminal } from "./terminal.ts";

const EXIT_OK = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** How many ports after the default one are tried. */
const NEXT_PORTS = 20;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** A server that has lived this long starts again without a long pause, in ms. */
const HEALTHY_MS = 60_000;
/** Stopping takes at most this long; then the server process is ended, in ms. */
const STOP_WITHIN_MS = 1800;
/** One Ctrl-C may arrive twice, from the terminal and from the task runner, in ms. */
const SAME_SIGNAL_MS = 250;

/** 256 bits in the alphabet of URLs. */
function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_")
    .replaceAll("=", "");
}

/** The ports to try in turn: the one asked for, or the default and those after it, or any. */
function portsFor({ port, portAsked }: Flags): number[] {
  return portAsked ? [port] : [...Array.from({ length: NEXT_PORTS }, (_, i) => port + i), 0];
}

/** Keeps a server process running: starts it, tells the world where it is, starts it again if it dies. */
export class Supervisor {
  readonly #flags: Flags;
  readonly #terminal: Terminal;
  readonly #discovery: Discovery;
  readonly #operations: string[];
  readonly #token = newToken();
  readonly #started = new Date().toISOString();
  #ports: number[];
  #process: ServerProcess | undefined;
  #stopping = false;
  #firstSignal = 0;
  #wake: (() => void) | undefined;
  #wasReady = false;
  #addressInUse = false;

  constructor(
    flags: Flags,
    { terminal, discovery, operations }: {
      terminal: Terminal;
      discovery: Discovery;
      /** Operations folders, ours first. */
      operations: string[];
    },
  ) {
    this.#flags = flags;
    this.#terminal = terminal;
    this.#discovery = discovery;
    this.#operations = operations;
    this.#ports = portsFor(flags);
  }

  /** Runs until the user stops it. @returns The exit code */
  async run(): Promise<number> {
    const listeners = this.#listenToSignals();
    try {
      for (let pause = FIRST_PAUSE_MS;; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
        const begun = performance.now();
        const code = await this.#runOnce();
        if (this.#stopping) {
          const message = code === 0
            ? "Stopped"
            : "Ended: the server process did not stop by itself";
          this.#terminal.event({ event: "stopped", message });
          return code === 0 ? EXIT_OK : EXIT_FAILED;
        }
        if (!this.#wasReady) return await this.#explainFailedStart(code);
        if (performance.now() - begun > HEALTHY_MS) pause = FIRST_PAUSE_MS;
        this.#terminal.event({
          event: "restarting",
          level: "error",
          message: `The server process died (exit code ${code}); starting it again in ` +
            `${pause / 1000} s, on the same port with the same token`,
          code,
        });
        await this.#pause(pause);
        if (this.#stopping) return EXIT_OK;
      }
    } finally {
      for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
      await this.#discovery.remove(Deno.pid);
    }
  }

  async #runOnce(): Promise<number> {
    const { host, threads, maxArrayMib, jobTimeoutSeconds, allowNet, allowRead } = this.#flags;
    const operations = this.#operations;
    const ports = this.#ports;
    const [lock, lane] = await Promise.all([
      this.#discovery.lockOf(Deno.pid),
      this.#makeLaneFolder(),
    ]);
    const laneFolder = lane?.path;
    const published: Promise<void>[] = [];
    this.#process = startServerProcess(
      {
        host,
        ports,
        token: this.#token,
        threads,
        maxArrayMib,
        jobTimeoutSeconds,
        operations,
        laneFolder,
      },
      { host, ports, operations, allowNet, allowRead, lock, laneFolder },
      {
        ready: (ready) => published.push(this.#publish(ready)),
        event: (event) => {
          if (event.event === "address-in-use") this.#addressInUse = true;
          else this.#terminal.event(event);
        },
      },
    );
    if (this.#stopping) this.#process.stop();
    const code = await this.#process.ended;
    await Promise.all(published);
    await lane?.remove();
    return code;
  }

  /** Each server process gets a folder of its own: none finds the files of one that died. */
  async #makeLaneFolder(): Promise<LaneFolder | undefined> {
    if (!this.#flags.lane) return undefined;
    const lane = await LaneFolder.make((name) => Deno.env.get(name), Deno.pid);
    if (lane === undefined) {
      this.#terminal.event({
        event: "no-lane",
        level: "warn",
        message: "No folder could be made for the arrays of clients on this machine: " +
          "they go by the socket, which is slower",
      });
    }
    return lane;
  }

  /** Tells where the server is: to programs by the discovery file, then to the user. */
  async #publish({ url, port, threads, operations }: Ready): Promise<void> {
    const { portAsked, port: wanted, host, insecure } = this.#flags;
    this.#wasReady = true;
    this.#ports = [port];
    await this.#discovery.write({
      url,
      token: this.#token,
      pid: Deno.pid,
      version: VERSION,
      started: this.#started,
    });
    this.#terminal.ready({
      url,
      token: this.#token,
      threads,
      operations,
      folders: this.#operations.slice(1),
      discoveryFile: this.#discovery.fileOf(Deno.pid),
      takenPort: portAsked || port === wanted ? undefined : wanted,
      insecure: insecure && host !== "127.0.0.1",
    }, Deno.pid);
    await this.#discovery.list(); // Removes what dead servers have left.
  }

  async #explainFailedStart(code: number): Promise<number> {
    if (!this.#addressInUse) {
      this.#terminal.error(`Cannot start: the server process ended with exit code ${code}`);
      return EXIT_FAILED;
    }
    const { host, port } = this.#flags;
    const holder = (await this.#discovery.list())
      .find((entry) => new URL(entry.url).port === String(port));
    this.#terminal.error(
      `Cannot use --port: wanted a free port, got ${port} of ${host}, which ` +
        (holder === undefined
          ? "another program holds"
          : `another Outboard holds (version ${holder.version}, process ${holder.pid})`),
    );
    return EXIT_USAGE;
  }

  #listenToSignals(): [Deno.Signal, () => void][] {
    const signals: Deno.Signal[] = Deno.build.os === "windows"
      ? ["SIGINT", "SIGBREAK"]
      : ["SIGINT", "SIGTERM", "SIGHUP"];
    return signals.map((signal) => {
      const listener = (): void => this.#stop(signal);
      Deno.addSignalListener(signal, listener);
      return [signal, listener];
    });
  }

  #stop(signal: Deno.Signal): void {
    const now = performance.now();
    if (this.#stopping) {
      if (now - this.#firstSignal > SAME_SIGNAL_MS) this.#process?.kill();
      return;
    }
    this.#stopping = true;
    this.#firstSignal = now;
    this.#terminal.event({
      event: "stopping",
      message: `Stopping (${signal}); once more to end at once`,
    });
    this.#process?.stop();
    this.#wake?.();
    const timer = setTimeout(() => this.#process?.kill(), STOP_WITHIN_MS);
    Deno.unrefTimer(timer as unknown as number);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
