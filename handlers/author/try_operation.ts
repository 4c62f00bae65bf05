import { OutboardError } from "../../workers/errors.ts";
import { amongst } from "../../workers/nearest_name.ts";
import type { PublicEntry } from "../catalogue.ts";
import { FlagError } from "../launch/flags.ts";
import type { LogEvent } from "../log.ts";
import { type Arguments, userPath } from "./arguments.ts";
import { say } from "./command.ts";
import type { Connection, Listed } from "./connection.ts";
import { formatFault } from "../fault.ts";
import { FileError } from "./file_error.ts";
import { type Input, readInput } from "./input_file.ts";
import { Interruption } from "./interruption.ts";
import { type OutputFile, planOutput, writeOutput } from "./output_file.ts";
import { operationFile } from "./operation_file.ts";
import { foldersOf, startOwnServer } from "./own_server.ts";
import { ProgressBar } from "./progress_bar.ts";
import { summaryLines } from "./summary.ts";

/** As a shell says that Ctrl-C ended a program. */
const EXIT_INTERRUPTED = 130;

/** @throws {FlagError} When it is no JSON object */
function parseParams(text = "{}"): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch { /* Said below. */ }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new FlagError(`Cannot use --params: wanted a JSON object, got '${text}'`);
}

/**
 * The operation as the server declares it.
 *
 * @param file Its file, where that was given in place of a name
 * @throws {FileError} When its file cannot be used, with the place
 * @throws {OutboardError} When there is none of that name
 */
function findEntry(
  name: string,
  { operations, failures }: Listed,
  file: string | undefined,
): PublicEntry {
  const entry = operations.find((each) => each.name === name);
  const failure = failures.find((each) =>
    file === undefined ? each.name === name : (each.importedBy ?? each.file) === file
  );
  if (failure !== undefined && (entry === undefined || file !== undefined)) {
    throw new FileError(formatFault(failure));
  }
  // Of two files with one name the first folder's counts: the author must know which one runs.
  if (failure !== undefined) say(formatFault(failure), Deno.stderr);
  if (entry !== undefined) return entry;
  const known = amongst(name, operations.map((each) => each.name));
  throw new OutboardError("UNKNOWN_OPERATION", `Cannot try '${name}': ${known}`);
}

async function readInputs(entry: PublicEntry, given: readonly string[]) {
  const inputs: Record<string, Input> = {};
  const known = Object.keys(entry.inputs).join(", ") || "none";
  for (const text of given) {
    const [, name = "", source = ""] = text.match(/^([^=]*)=(.+)$/s) ?? [];
    const spec = entry.inputs[name];
    if (spec === undefined) {
      throw new FlagError(
        `Cannot use --input ${text}: wanted NAME=FILE, where NAME is one of the inputs: ${known}`,
      );
    }
    inputs[name] = await readInput(source, spec);
  }
  return inputs;
}

/** What the server and the operations say while they run: their own output, stacks and what else went wrong. */
function showEvent(bar: ProgressBar, { event, level, message }: LogEvent): void {
  // What does not load is told when it is what shall be tried.
  if (message === undefined || event === "operation-broken") return;
  if (event !== "output" && level !== "warn" && level !== "error") return;
  bar.clear();
  say(message, Deno.stderr);
}

/** What came, in the order in which it was declared. */
function inOrder<T>(values: Record<string, T>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).sort(([a], [b]) => names.indexOf(a) - names.indexOf(b)),
  );
}

async function runAndTell(
  connection: Connection,
  { name, file, params, given: { flags }, bar }: {
    name: string;
    file: string | undefined;
    params: Record<string, unknown>;
    given: Arguments;
    bar: ProgressBar;
  },
): Promise<void> {
  const entry = findEntry(name, await connection.list(), file);
  const files: OutputFile[] = (flags.out ?? []).map((out) => planOutput(out, entry.outputs));
  const inputs = await readInputs(entry, flags.input ?? []);
  connection.onProgress = (fraction, message) => bar.update(fraction, message);
  const came = await connection.run(name, params, inputs).finally(() => bar.clear());
  const answer = { ...came, outputs: inOrder(came.outputs, Object.keys(entry.outputs)) };
  for (const line of summaryLines(answer)) say(line);
  for (const file of files) {
    await writeOutput(file, answer);
    say(`wrote ${userPath(file.path)}`);
  }
}

/** The folders that were named, and that of the file that shall be tried. */
async function foldersWith(folder: string | undefined, named: readonly string[] = []) {
  const isThere = folder === undefined || (await foldersOf(named)).includes(folder);
  return isThere ? named : [...named, folder];
}

/** Runs one operation through a server process and tells what came of it. @returns The exit code */
export async function tryOperation(given: Arguments): Promise<number> {
  const { words: [word = ""], flags } = given;
  const { name, file, folder } = await operationFile(word) ?? { name: word };
  const params = parseParams(flags.params?.at(-1));
  const bar = new ProgressBar(Deno.stderr);
  using interruption = new Interruption();
  const server = await startOwnServer({
    operations: await foldersWith(folder, flags.operations),
    allowNet: flags["allow-net"] ?? [],
    allowRead: flags["allow-read"] ?? [],
    onEvent: (event) => showEvent(bar, event),
  });
  interruption.follow({ first: () => server.connection.cancel(), again: server.kill });
  try {
    if (!interruption.came) {
      await runAndTell(server.connection, { name, file, params, given, bar });
    }
  } catch (error) {
    if (!(interruption.came && error instanceof OutboardError)) throw error;
  } finally {
    await server.stop();
  }
  if (!interruption.came) return 0;
  say("Cancelled", Deno.stderr);
  return EXIT_INTERRUPTED;
}
