/**
 * `deno task wasm`: compiles the kernels in assembly/ to kernels.wasm. The result is kept with its source, so that
 * nobody needs the compiler to run them; a test compiles again and compares.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What the compiler is locked to, in a file of its own: Deno fetches all that deno.lock holds to start the server. */
const COMPILER = "npm:assemblyscript@0.28.20/asc";
const FILES = ["affine.ts", "finite.ts", "normals.ts", "philox.ts"];
const FOLDER = fileURLToPath(new URL("./assembly/", import.meta.url));

/** Where the compiled kernels lie. */
export const KERNELS_WASM = new URL("./kernels.wasm", import.meta.url);

const FLAGS = [
  ...["--optimizeLevel", "3", "--converge"],
  ...["--enable", "simd,threads", "--runtime", "stub", "--use", "abort="],
  // One module for every memory: its own maximum must be within the declared one, and that is as large as can be.
  ...["--importMemory", "--sharedMemory", "--noExportMemory"],
  ...["--initialMemory", "1", "--maximumMemory", "65536"],
];

/** Runs the compiler in the folder of the sources. @throws {Error} With its own words, if it refuses them */
async function runCompiler(outFolder: string, outFile: string): Promise<void> {
  const lock = ["--no-config", `--lock=${join(FOLDER, "asc.lock")}`, "--frozen"];
  const permissions = ["--no-prompt", "--allow-read", `--allow-write=${outFolder}`, "--allow-env"];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...lock, ...permissions, COMPILER, ...FILES, ...FLAGS, "-o", outFile],
    cwd: FOLDER,
  }).output();
  if (success) return;
  const words = new TextDecoder().decode(stderr);
  throw new Error(`Cannot compile the kernels: wanted valid AssemblyScript, got ${words}`);
}

/** Compiles the kernels. @throws {Error} With the compiler's own words, if it refuses the source */
export async function compileKernels(): Promise<Uint8Array<ArrayBuffer>> {
  const outFolder = await Deno.makeTempDir({ prefix: "outboard-" });
  const outFile = join(outFolder, "kernels.wasm");
  try {
    await runCompiler(outFolder, outFile);
    return await Deno.readFile(outFile);
  } finally {
    await Deno.remove(outFolder, { recursive: true });
  }
}

if (import.meta.main) await Deno.writeFile(KERNELS_WASM, await compileKernels());
