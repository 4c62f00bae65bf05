import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { readLines } from "../../handlers/launch/lines.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface CommandResult {
  code: number;
  output: string;
  error: string;
}

/** A user's machine for the commands of authors: a state folder of its own, which is removed in the end. */
export class AuthorHome implements AsyncDisposable {
  readonly home: string = Deno.makeTempDirSync({ prefix: "outboard-test-" });
  /** The user's folder of operations, which is made at the first need. */
  readonly operations = `${this.home}/operations`;

  readonly env: Record<string, string> = {
    OUTBOARD_HOME: this.home,
    INIT_CWD: this.home,
    NO_COLOR: "1",
  };

  /** Starts a task of deno.json as `deno task` does, with just the permissions that stand there. */
  start(task: "new" | "try" | "check", args: readonly string[]): Deno.ChildProcess {
    const [, ...command] = config.tasks[task].command.split(" ");
    return new Deno.Command(Deno.execPath(), {
      args: [...command, ...args],
      cwd: ROOT,
      env: this.env,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  /** Runs a task to its end. */
  async run(task: "new" | "try" | "check", ...args: string[]): Promise<CommandResult> {
    return await resultOf(this.start(task, args));
  }

  /** Runs `deno` in the user's folder of operations. */
  async deno(...args: string[]): Promise<CommandResult> {
    const command = new Deno.Command(Deno.execPath(), {
      args,
      cwd: this.operations,
      env: { ...this.env, INIT_CWD: this.operations },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
    return await resultOf(command.spawn());
  }

  /** Saves an operation into the user's folder. */
  async save(name: string, text: string): Promise<void> {
    await Deno.mkdir(this.operations, { recursive: true });
    await Deno.writeTextFile(`${this.operations}/${name}`, text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.home, { recursive: true });
  }
}

async function resultOf(child: Deno.ChildProcess): Promise<CommandResult> {
  const [{ code }, output, error] = await Promise.all([
    child.status,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code, output, error };
}

/** The lines of a process's errors, one by one. */
export function errorLines(child: Deno.ChildProcess): AsyncGenerator<string, void> {
  return readLines(child.stderr);
}
