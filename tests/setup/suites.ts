import { join } from "node:path";
import { type Output, runCommand } from "./command.ts";
import type { PythonEnvironment } from "./python.ts";

/** What a suite came to. `missing` says why it could not run and how to get what it needs. */
export type SuiteResult = { passed: number; failed: number } | { missing: string };

export interface Suite {
  name: string;
  /** Part of `deno task ok`. */
  fast: boolean;
  run(context: SuiteContext): Promise<SuiteResult>;
}

export interface SuiteContext {
  root: string;
  fast: boolean;
  /** The environment, or why there is none. */
  python: PythonEnvironment | string;
}

/** What Deno tests may do: nothing beyond this machine's loopback. */
const DENO_FLAGS = [
  "--frozen",
  "--no-prompt",
  "--allow-net=127.0.0.1",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-run",
  "--allow-sys",
];

function count(text: string, word: string): number {
  const found = [...text.matchAll(new RegExp(`(\\d+) ${word}`, "g"))].at(-1);
  return Number(found?.[1] ?? 0);
}

/** A runner that fails without naming a failed test has failed all the same. */
function judge({ code, text }: Output, failedWords: readonly string[]): SuiteResult {
  // The summary is the last line that counts passed tests; what follows it is talk.
  const lines = text.trimEnd().split("\n");
  const summary = lines.findLast((line) => /\b\d+ (passed|failed|errors?)\b/.test(line)) ?? "";
  const failed = failedWords.reduce((sum, word) => sum + count(summary, word), 0);
  return {
    passed: count(summary, "passed"),
    failed: code === 0 ? failed : Math.max(1, failed),
  };
}

/** Everything, examples in the kernels' documentation included. */
const ALL = ["tests/", "workers/kernels/"];
/** What takes seconds: nothing that starts processes, waits for deadlines or loads large packages. */
const FAST = [
  "tests/boundaries_test.ts",
  "tests/bench/",
  "tests/handlers/",
  "tests/workers/block_pool_test.ts",
  ...["tests/workers/kernels/", "tests/workers/lane/"],
  "tests/workers/finite_test.ts",
  ...["random_vectors", "transform_objects", "transform_points", "schema"]
    .map((name) => `tests/workers/operations/${name}_test.ts`),
];

async function deno({ root, fast }: SuiteContext): Promise<SuiteResult> {
  const args = ["test", "--quiet", "--parallel", "--doc", ...DENO_FLAGS, ...(fast ? FAST : ALL)];
  const output = await runCommand(Deno.execPath(), args, { cwd: root, env: { NO_COLOR: "1" } });
  return judge(output, ["failed"]);
}

async function ruff({ root, python }: SuiteContext): Promise<SuiteResult> {
  if (typeof python === "string") return { missing: python };
  let failed = 0;
  for (const args of [["check"], ["format", "--check"]]) {
    const { code } = await runCommand(python.python, [
      "-m",
      "ruff",
      ...args,
      "--config",
      join("tests", "ruff.toml"),
      "addon",
      "tests",
    ], { cwd: root });
    if (code !== 0) failed++;
  }
  return { passed: 2 - failed, failed };
}

function pytest(folders: readonly string[], needsBlender: boolean): Suite["run"] {
  return async ({ root, python }) => {
    if (typeof python === "string") return { missing: python };
    if (needsBlender && !python.hasBlender) {
      return {
        missing:
          "Blender's Python module needs Python 3.11; install it, or name it in OUTBOARD_PYTHON",
      };
    }
    const output = await runCommand(
      python.python,
      ["-m", "pytest", "-c", join("tests", "pytest.ini"), "-q", "--color=no", ...folders],
      { cwd: root, env: { OUTBOARD_DENO: Deno.execPath() } },
    );
    // A skipped test is no passed one: what is missing must be said.
    return judge(output, ["failed", "errors?", "skipped"]);
  };
}

async function exists(program: string, flag: string): Promise<boolean> {
  return (await runCommand(program, [flag], { quiet: true })).code !== 127;
}

async function gui(context: SuiteContext): Promise<SuiteResult> {
  const missing: string[] = [];
  if (Deno.env.get("OUTBOARD_BLENDER") === undefined) {
    missing.push("name a Blender 4.2 or newer in OUTBOARD_BLENDER");
  }
  if (!await exists("Xvfb", "-help")) missing.push("install Xvfb");
  if (!await exists("import", "-version")) missing.push("install ImageMagick");
  if (missing.length > 0) {
    return { missing: `to click through a real Blender: ${missing.join(", ")}` };
  }
  return await pytest(["tests/gui"], false)(context);
}

/** Whether every figure can be measured and every value is right; what the figures are is nobody's matter here. */
async function bench({ root, python }: SuiteContext): Promise<SuiteResult> {
  if (typeof python === "string") return { missing: python };
  const { code, text } = await runCommand(Deno.execPath(), ["task", "bench", "--quick"], {
    cwd: root,
    env: { NO_COLOR: "1" },
  });
  return { passed: count(text, "figures measured"), failed: code === 0 ? 0 : 1 };
}

/** All suites, in the order in which they run. */
export const SUITES: readonly Suite[] = [
  { name: "server (deno test)", fast: true, run: deno },
  { name: "Python style (ruff)", fast: true, run: ruff },
  { name: "bridge, without Blender", fast: false, run: pytest(["tests/addon/bridge"], false) },
  {
    name: "scene and panel, in Blender 4.5 LTS as a module",
    fast: false,
    run: pytest(["tests/addon/scene", "tests/addon/ui"], true),
  },
  { name: "benchmarks, without their figures", fast: false, run: bench },
  { name: "clicks in a real Blender window", fast: false, run: gui },
];
