/** A file that cannot be read or written; the message names the file, what was wanted and what came. */
export class FileError extends Error {
  override readonly name = "FileError";
}
