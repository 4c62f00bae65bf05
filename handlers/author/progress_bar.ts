const CELLS = 24;
/** Without a terminal a line is written when this much more is done. */
const STEP = 0.1;

/** `██████░░░░  42 % block 3 of 6`, cut to fit the terminal. */
export function renderBar(fraction: number, message = "", columns = 80): string {
  const full = Math.round(fraction * CELLS);
  const bar = "█".repeat(full) + "░".repeat(CELLS - full);
  const percent = `${Math.floor(fraction * 100)}`.padStart(3);
  return `${bar} ${percent} % ${message}`.trimEnd().slice(0, columns - 1);
}

/** Shows how far a job is: a bar on a terminal, now and then a line elsewhere. */
export class ProgressBar {
  readonly #out: typeof Deno.stderr;
  readonly #isTerminal: boolean;
  #shown = -STEP;

  constructor(out: typeof Deno.stderr) {
    this.#out = out;
    this.#isTerminal = out.isTerminal();
  }

  update(fraction: number, message?: string): void {
    if (this.#isTerminal) {
      // Some terminals do not know how wide they are, and say 0.
      const columns = Deno.consoleSize().columns || undefined;
      this.#write(`\r${renderBar(fraction, message, columns)}\x1b[K`);
      this.#shown = fraction;
    } else if (fraction >= this.#shown + STEP) {
      this.#write(`${Math.floor(fraction * 100)} % ${message ?? ""}`.trimEnd() + "\n");
      this.#shown = fraction;
    }
  }

  /** Takes the bar away, so that something else can be written. */
  clear(): void {
    if (this.#isTerminal && this.#shown >= 0) this.#write("\r\x1b[K");
  }

  #write(text: string): void {
    this.#out.writeSync(new TextEncoder().encode(text));
  }
}
