import { LOG_LEVELS, type LogEvent, type LogLevel } from "../log.ts";
import { NAME, VERSION } from "../version.ts";
import { eventsTo } from "./lines.ts";

export interface Banner {
  url: string;
  token: string;
  threads: number;
  operations: readonly string[];
  /** Where the user's own operations are. */
  folders: readonly string[];
  discoveryFile: string;
  /** The port that was wanted, where another program holds it. */
  takenPort: number | undefined;
  insecure: boolean;
}

type Color = "bold" | "dim" | "red" | "yellow" | "green";
const CODES: Record<Color, number> = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32 };
const LEVEL_COLORS: Record<LogLevel, Color | undefined> = {
  debug: "dim",
  info: undefined,
  warn: "yellow",
  error: "red",
};

/** How many names the banner has room for. */
const MOST_NAMES = 4;

/** `14: ambient_occlusion, boolean_meshes, build_navmesh, displace_noise, and 10 more` */
function summary(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return `${names.length}: ${shown}${rest > 0 ? `, and ${rest} more` : ""}`;
}

/** What the user sees: text, in colour on a terminal, or lines of JSON. */
export class Terminal {
  readonly #json: boolean;
  readonly #color: boolean;
  readonly #level: number;
  readonly #writeEvent = eventsTo(Deno.stdout);

  constructor({ json, level }: { json: boolean; level: LogLevel }) {
    this.#json = json;
    this.#color = !json && Deno.stdout.isTerminal() && !Deno.env.get("NO_COLOR");
    this.#level = LOG_LEVELS.indexOf(level);
  }

  #paint(color: Color | undefined, text: string): string {
    return this.#color && color !== undefined ? `\x1b[${CODES[color]}m${text}\x1b[0m` : text;
  }

  #print(text: string, out: { writeSync(bytes: Uint8Array): number } = Deno.stdout): void {
    let bytes = new TextEncoder().encode(`${text}\n`);
    while (bytes.length > 0) bytes = bytes.subarray(out.writeSync(bytes));
  }

  /** Shows an event, if it is important enough. */
  event(event: LogEvent): void {
    const level = event.level ?? "info";
    if (LOG_LEVELS.indexOf(level) < this.#level) return;
    if (this.#json) {
      const { event: name, ...facts } = event;
      return this.#writeEvent({ event: name, time: new Date().toISOString(), ...facts });
    }
    const time = this.#paint("dim", new Date().toTimeString().slice(0, 8));
    this.#print(`${time} ${this.#paint(LEVEL_COLORS[level], event.message ?? event.event)}`);
  }

  /** The server is ready: the first thing to be seen. Always shown, whatever the level. */
  ready(banner: Banner, pid: number): void {
    if (this.#json) {
      const { url, token } = banner;
      return this.#writeEvent({ event: "ready", url, token, pid, version: VERSION });
    }
    const page = `${banner.url.replace(/^ws/, "http").replace(/ws$/, "")}?token=${banner.token}`;
    const rows: [string, string][] = [
      ["Address", banner.url],
      ["Threads", String(banner.threads)],
      ["Operations", summary(banner.operations)],
      ["Your own", banner.folders.join(", ")],
      ["Page", page],
      ["Discovery", banner.discoveryFile],
      ["Blender", "3D view > N > Tools > Outboard > Connect"],
      ["Stop", "Ctrl-C"],
    ];
    const width = Math.max(...rows.map(([label]) => label.length)) + 2;
    const lines = rows.map(([label, text]) =>
      `  ${this.#paint("dim", label.padEnd(width))}${text}`
    );
    const title = `${NAME} ${VERSION}`;
    this.#print([`${this.#paint("bold", title)} is ready`, ...lines].join("\n"));
    if (banner.takenPort !== undefined) {
      this.#print(
        this.#paint("yellow", `  Port ${banner.takenPort} is taken: this is the next free one`),
      );
    }
    if (banner.insecure) {
      this.#print(this.#paint(
        "red",
        "  NOT ENCRYPTED: everyone on the network can read what is sent, the token included",
      ));
    }
  }

  /** Why the server does not start. */
  error(message: string): void {
    if (this.#json) this.#writeEvent({ event: "error", level: "error", message });
    else this.#print(message, Deno.stderr);
  }
}
