/** The parent process: reads the flags and keeps the server process running. It has no network itself. */
import { Discovery } from "./handlers/launch/discovery.ts";
import { FlagError, helpText, parseFlags } from "./handlers/launch/flags.ts";
import { operationsFolders } from "./handlers/launch/operations_folders.ts";
import { stateFolder } from "./handlers/launch/state_folder.ts";
import { Supervisor } from "./handlers/launch/supervisor.ts";
import { Terminal } from "./handlers/launch/terminal.ts";
import { NAME, VERSION } from "./handlers/version.ts";

const EXIT_USAGE = 2;

async function main(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, navigator.hardwareConcurrency);
  if (flags.help) return print(helpText());
  if (flags.version) return print(`${NAME} ${VERSION}\n`);
  const terminal = new Terminal({ json: flags.json, level: flags.logLevel });
  const env = (name: string): string | undefined => Deno.env.get(name);
  const discovery = new Discovery(stateFolder(env, Deno.build.os));
  const operations = await operationsFolders(env, flags.operations);
  return await new Supervisor(flags, { terminal, discovery, operations }).run();
}

function print(text: string): number {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
  return 0;
}

function fail(error: unknown): number {
  if (!(error instanceof FlagError)) throw error;
  Deno.stderr.writeSync(new TextEncoder().encode(`${error.message}\n`));
  return EXIT_USAGE;
}

if (import.meta.main) Deno.exit(await main(Deno.args).catch(fail));
