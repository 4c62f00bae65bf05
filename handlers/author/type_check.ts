import { fileURLToPath } from "node:url";
import type { Fault } from "../fault.ts";

const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));

/** `TS2322 [ERROR]: Type 'number' is not …`, or what keeps the compiler from looking at all. */
const MESSAGE = /^(?:TS\d+ \[ERROR\]|error): (.*)$/;
const PLACE = /^\s*at (file:\/\/.+?):(\d+):\d+$/;
const SUMMARY = "Type checking failed.";

/** The faults in what `deno check` prints. */
export function parseFaults(output: string): Fault[] {
  const faults: Fault[] = [];
  let reason: string | undefined;
  for (const line of output.split("\n")) {
    const message = line.match(MESSAGE)?.[1];
    if (message !== undefined) reason = message === SUMMARY ? undefined : message;
    const [, file, at] = line.match(PLACE) ?? [];
    if (reason === undefined || file === undefined) continue;
    faults.push({ file: fileURLToPath(file), line: Number(at), reason });
    reason = undefined; // The places after the first only explain it.
  }
  return faults;
}

/** Checks files with the project's own settings, as the server would resolve what they import. */
export async function typeFaults(files: readonly string[], lock: string): Promise<Fault[]> {
  const [first] = files;
  if (first === undefined) return [];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", `--config=${CONFIG}`, `--lock=${lock}`, "--frozen=false", ...files],
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return [];
  const output = new TextDecoder().decode(stderr);
  const faults = parseFaults(output);
  return faults.length > 0 ? faults : [{ file: first, reason: output.trim() }];
}
