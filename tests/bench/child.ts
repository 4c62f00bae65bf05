import { readLines } from "../../handlers/launch/lines.ts";

/** Begins the lines that are answers; whatever else a program prints is talk. */
const MARK = "@bench ";

export interface ChildOptions {
  cwd?: string;
  env?: Record<string, string>;
}

/**
 * A program that is asked for one thing at a time: a line of JSON in, a line of JSON out. It ends when its standard
 * input does, so that none is left behind, however this process ends.
 */
export class Child {
  readonly name: string;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: AsyncGenerator<string, void>;
  readonly #errors: Promise<string>;

  constructor(name: string, program: string, args: readonly string[], options: ChildOptions = {}) {
    this.name = name;
    this.#process = new Deno.Command(program, {
      ...options,
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#answers = readLines(this.#process.stdout);
    this.#errors = new Response(this.#process.stderr).text();
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Asks for something and waits for the answer. @throws {Error} With what the program says against it */
  async ask<T = number>(what: string, options: Record<string, unknown> = {}): Promise<T> {
    const line = JSON.stringify({ do: what, ...options });
    await this.#input.write(new TextEncoder().encode(`${line}\n`)).catch(() => {});
    const answer = await this.#answer() as { result?: T; error?: string };
    if (answer.error !== undefined) throw new Error(`${this.name}, ${what}: ${answer.error}`);
    return answer.result as T;
  }

  /** The next thing that it says. */
  async #answer(): Promise<unknown> {
    let talk = "";
    for (;;) {
      const { value, done } = await this.#answers.next();
      if (done) throw new Error(`${this.name} has ended: ${talk}${await this.#errors}`);
      const at = value.indexOf(MARK);
      if (at >= 0) return JSON.parse(value.slice(at + MARK.length));
      talk = `${talk}${value}\n`.slice(-2000);
    }
  }

  /** Waits for what it says by itself when it is ready. */
  async ready<T>(): Promise<T> {
    const { result } = await this.#answer() as { result: T };
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {}); // It has ended already.
    for await (const _ of this.#answers) { /* The rest is talk. */ }
    await Promise.all([this.#process.status, this.#errors]);
  }
}
