import { fileURLToPath } from "node:url";

export interface ProbeResult {
  /** undefined when it had to be killed. */
  code: number | undefined;
  output: string;
}

/** Runs a script of this folder in a process of its own and ends it if it has not ended by itself in time. */
export async function runProbe(
  script: string,
  args: readonly string[],
  { env = {}, withinMs }: { env?: Record<string, string>; withinMs: number },
): Promise<ProbeResult> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--frozen",
      "--no-prompt",
      "--quiet",
      "--allow-read",
      "--allow-env",
      fileURLToPath(new URL(script, import.meta.url)),
      ...args,
    ],
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let killed = false;
  const timer = setTimeout(() => {
    killed = true;
    child.kill("SIGKILL");
  }, withinMs);
  const { code, stdout } = await child.output();
  clearTimeout(timer);
  return { code: killed ? undefined : code, output: new TextDecoder().decode(stdout).trim() };
}
