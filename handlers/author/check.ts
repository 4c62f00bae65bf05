/** `deno task check`: are the types right, and can every operation be loaded? */
import { checkOperations } from "./check_operations.ts";
import { runCommand, say } from "./command.ts";
import { formatFault } from "../fault.ts";
import { foldersOf } from "./own_server.ts";

const HELP = `Loads all operations as a server would, and checks their types and declarations.

  --operations DIR  One more folder of operations; may be given several times`;

const EXIT_FAULTS = 1;

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

if (import.meta.main) {
  const usage = { command: "check", words: [], flags: { operations: "DIR" }, help: HELP };
  await runCommand(usage, async ({ flags: { operations = [] } }) => {
    const folders = await foldersOf(operations);
    const { files, faults } = await checkOperations(folders, operations);
    for (const fault of faults) say(formatFault(fault));
    const broken = new Set(faults.map(({ file }) => file)).size;
    const result = faults.length === 0
      ? "nothing is wrong with them"
      : `${counted(faults.length, "fault")} in ${counted(broken, "file")}`;
    say(`${counted(files.length, "operation")} in ${folders.length} folders: ${result}`);
    return faults.length === 0 ? 0 : EXIT_FAULTS;
  });
}
