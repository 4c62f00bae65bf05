/**
 * `deno task wasm`: compiles the kernels in assembly/ to kernels.wasm. The result is kept with its source, so that
 * nobody needs the compiler to run them; a test compiles again and compares.
 */
import asc from "assemblyscript/asc";

const FILES = ["affine", "finite", "normals", "philox"];
const FOLDER = new URL("./assembly/", import.meta.url);

/** Where the compiled kernels lie. */
export const KERNELS_WASM = new URL("./kernels.wasm", import.meta.url);

const FLAGS = [
  ...["--optimizeLevel", "3", "--converge"],
  ...["--enable", "simd,threads", "--runtime", "stub", "--use", "abort="],
  // One module for every memory: its own maximum must be within the declared one, and that is as large as can be.
  ...["--importMemory", "--sharedMemory", "--noExportMemory"],
  ...["--initialMemory", "1", "--maximumMemory", "65536"],
];

/**
 * Compiles the kernels.
 *
 * @throws {Error} With the compiler's own words, if it refuses the source
 */
export async function compileKernels(): Promise<Uint8Array<ArrayBuffer>> {
  let compiled: Uint8Array<ArrayBuffer> | undefined;
  const files = FILES.map((name) => `${name}.ts`);
  const { error, stderr } = await asc.main([...files, ...FLAGS, "--outFile", "kernels.wasm"], {
    readFile: (name) =>
      FILES.includes(name.replace(/\.ts$/, ""))
        ? Deno.readTextFileSync(new URL(name, FOLDER))
        : null,
    writeFile: (_name, contents) => void (compiled = new Uint8Array(contents as Uint8Array)),
    listFiles: () => [],
  });
  if (error !== null || compiled === undefined) {
    throw new Error(`Cannot compile the kernels: wanted valid AssemblyScript, got ${stderr}`);
  }
  return compiled;
}

if (import.meta.main) await Deno.writeFile(KERNELS_WASM, await compileKernels());
