import { isOperation } from "../operation_files.ts";
import { join } from "node:path";
import type { Fault } from "../fault.ts";
import { startOwnServer } from "./own_server.ts";
import { typeFaults } from "./type_check.ts";

/** The files in `folders` that a server takes for operations. */
async function operationFiles(folders: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const folder of folders) {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (!isDirectory && isOperation(name)) files.push(join(folder, name));
    }
  }
  return files.sort();
}

/** What the server cannot load, and what is wrong with what it could. */
async function loadFaults(more: readonly string[], files: readonly string[]) {
  const server = await startOwnServer({ operations: more, onEvent: () => {} });
  try {
    const { failures } = await server.connection.list();
    const unused = new Set(failures.map(({ file, importedBy = file }) => importedBy));
    const faults: Fault[] = failures.map(({ name: _name, kept: _kept, ...fault }) => fault);
    // What does not load would keep the compiler from looking at all the others.
    return {
      faults,
      types: await typeFaults(files.filter((file) => !unused.has(file)), server.lock),
    };
  } finally {
    await server.stop();
  }
}

/** Loads every operation in `folders`, the first ones and `more`, and checks its types and its declaration. */
export async function checkOperations(
  folders: readonly string[],
  more: readonly string[],
): Promise<{ files: string[]; faults: Fault[] }> {
  const files = await operationFiles(folders);
  const { faults, types } = await loadFaults(more, files);
  return { files, faults: [...faults, ...types] };
}
