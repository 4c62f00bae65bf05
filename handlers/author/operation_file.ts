import { basename, dirname } from "node:path";
import { FlagError } from "../launch/flags.ts";
import { isOperation, nameOf } from "../operation_files.ts";
import { userPath } from "./arguments.ts";
import { FileError } from "./file_error.ts";

/** An operation that is named by its file. */
export interface OperationFile {
  file: string;
  folder: string;
  name: string;
}

/**
 * The file that `word` means; nothing where it is the name of an operation.
 *
 * @throws {FlagError} When such a file holds no operation
 * @throws {FileError} When it is not there
 */
export async function operationFile(word: string): Promise<OperationFile | undefined> {
  if (!/[./\\]/.test(word)) return undefined;
  const file = userPath(word);
  if (!isOperation(basename(file))) {
    throw new FlagError(
      `Cannot try '${word}': wanted an operation's name or its .ts file; files that begin with _ ` +
        "or end in _test.ts hold none",
    );
  }
  if (!await Deno.stat(file).then(({ isFile }) => isFile, () => false)) {
    throw new FileError(`Cannot try '${word}': there is no such file`);
  }
  return { file, folder: dirname(file), name: nameOf(file) };
}
