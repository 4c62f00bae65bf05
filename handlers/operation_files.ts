import { basename, join } from "node:path";

/** The code in operations folders. */
export interface OperationFiles {
  /** Files of operations, folder by folder. */
  files: string[];
  /** Code that its author may take for an operation. */
  others: string[];
}

/** Whether a file of this name holds an operation: tests and what operations share do not. */
export function isOperation(name: string): boolean {
  return /^[^_.].*\.ts$/.test(name) && !/(_test|\.test|\.d)\.ts$/.test(name);
}

function isOtherCode(name: string): boolean {
  return /^[^_.].*\.([cm]?js|jsx|tsx|[cm]ts)$/.test(name);
}

/** An operation is called as its file is. */
export function nameOf(file: string): string {
  return basename(file, ".ts");
}

/** What is in the folders; one that is not there is empty. */
export async function listOperationFiles(folders: readonly string[]): Promise<OperationFiles> {
  const files: string[] = [];
  const others: string[] = [];
  for (const folder of folders) {
    const names: string[] = [];
    try {
      for await (const { name, isDirectory } of Deno.readDir(folder)) {
        if (!isDirectory) names.push(name);
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    names.sort();
    files.push(...names.filter(isOperation).map((name) => join(folder, name)));
    others.push(...names.filter(isOtherCode).map((name) => join(folder, name)));
  }
  return { files, others };
}
