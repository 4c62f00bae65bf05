import { release } from "node:os";
import { runCommand } from "../setup/command.ts";

/** What the figures were taken on. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGib: number;
  system: string;
  deno: string;
  python: string;
  numpy: string;
  websockets: string;
  blender: string | undefined;
  /** The machine's load before the run, over one minute. */
  load: number;
}

const FACTS = `
import json, platform, re, numpy, websockets
from pathlib import Path
try:
    import websockets.speedups
    part = "with its C part"
except ImportError:
    part = "WITHOUT its C part"
cpuinfo = Path("/proc/cpuinfo")
model = re.search(r"model name\\s*:\\s*(.+)", cpuinfo.read_text()) if cpuinfo.exists() else None
print(json.dumps({
    "cpu": model[1] if model else platform.processor() or platform.machine(),
    "python": platform.python_version(),
    "numpy": numpy.__version__,
    "websockets": f"{websockets.__version__} {part}",
}))
`;

async function lineOf(program: string, args: readonly string[]): Promise<string> {
  const { code, text } = await runCommand(program, args, { quiet: true });
  if (code !== 0) throw new Error(`Cannot ask ${program} for its version: ${text}`);
  return text.trim().split("\n").at(-1) ?? "";
}

export async function describeMachine(python: string, blender?: string): Promise<Machine> {
  return {
    ...JSON.parse(await lineOf(python, ["-c", FACTS])),
    cores: navigator.hardwareConcurrency,
    memoryGib: Math.round(Deno.systemMemoryInfo().total / 2 ** 30),
    system: `${Deno.build.os} ${release().match(/^\d+\.\d+/)?.[0] ?? ""}`.trim(),
    deno: Deno.version.deno,
    blender: blender === undefined ? undefined : await blenderVersion(blender),
    load: Deno.loadavg()[0] ?? 0,
  };
}

async function blenderVersion(blender: string): Promise<string> {
  const { text } = await runCommand(blender, ["--version"], { quiet: true });
  return text.match(/Blender (\S+.*)/)?.[1] ?? "unknown";
}

/** In one line. */
export function machineText(machine: Machine): string {
  const { cpu, cores, memoryGib, system, deno, python, numpy, websockets, blender, load } = machine;
  return `${cpu}, ${cores} cores, ${memoryGib} GiB, ${system}; Deno ${deno}, Python ${python}, ` +
    `numpy ${numpy}, websockets ${websockets}, ${blender ? `Blender ${blender}` : "no Blender"}; ` +
    `load before ${load.toFixed(2)}`;
}
