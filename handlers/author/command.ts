import { OutboardError } from "../../workers/errors.ts";
import { FlagError } from "../launch/flags.ts";
import { type Arguments, parseArguments, type Usage, usageLine } from "./arguments.ts";
import { FileError } from "./file_error.ts";

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

type Out = { writeSync(bytes: Uint8Array): number };

/** Prints a line. */
export function say(text: string, out: Out = Deno.stdout): void {
  let bytes = new TextEncoder().encode(`${text}\n`);
  while (bytes.length > 0) bytes = bytes.subarray(out.writeSync(bytes));
}

/** A command of an author: reads its command line, does its work, and ends the process with its exit code. */
export async function runCommand(
  usage: Usage,
  work: (given: Arguments) => Promise<number>,
): Promise<never> {
  Deno.exit(await attempt(usage, work));
}

async function attempt(
  usage: Usage,
  work: (given: Arguments) => Promise<number>,
): Promise<number> {
  try {
    const given = parseArguments(Deno.args, usage);
    if (!given.help) return await work(given);
    say(`Usage: ${usageLine(usage)}\n\n${usage.help}`);
    return 0;
  } catch (error) {
    if (error instanceof FlagError) {
      say(error.message, Deno.stderr);
      return EXIT_USAGE;
    }
    if (!(error instanceof FileError || error instanceof OutboardError)) throw error;
    say(error.message, Deno.stderr);
    return EXIT_FAILED;
  }
}
