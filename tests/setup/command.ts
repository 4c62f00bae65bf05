/** The output of a command, shown while it runs and kept. */
export interface Output {
  code: number;
  text: string;
}

export interface CommandOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** Keep the output to ourselves. @default {false} */
  quiet?: boolean;
}

async function tee(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  out: { writeSync(bytes: Uint8Array): number },
  quiet: boolean,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stream) {
    text += decoder.decode(bytes, { stream: true });
    for (let rest = bytes; !quiet && rest.length > 0;) rest = rest.subarray(out.writeSync(rest));
  }
  return text;
}

/** Runs a command to its end. A program that does not exist has exit code 127, as in a shell. */
export async function runCommand(
  program: string,
  args: readonly string[],
  { env = {}, cwd, quiet = false }: CommandOptions = {},
): Promise<Output> {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args: [...args],
      env,
      ...(cwd === undefined ? {} : { cwd }),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { code: 127, text: `${program}: not found` };
  }
  const [{ code }, out, err] = await Promise.all([
    child.status,
    tee(child.stdout, Deno.stdout, quiet),
    tee(child.stderr, Deno.stderr, quiet),
  ]);
  return { code, text: out + err };
}
