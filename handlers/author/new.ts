/** `deno task new NAME`: writes an operation that works, with a test beside it. */
import { userOperations } from "../launch/operations_folders.ts";
import { userPath } from "./arguments.ts";
import { runCommand, say } from "./command.ts";
import { nextSteps, writeOperation } from "./scaffold.ts";

const HELP = `Writes a working operation NAME.ts with a test beside it, ready to be changed.

  --dir DIR  The folder to write to (default: your own folder of operations)`;

if (import.meta.main) {
  const usage = { command: "new", words: ["NAME"], flags: { dir: "DIR" }, help: HELP };
  await runCommand(usage, async ({ words: [name = ""], flags }) => {
    const own = userOperations((variable) => Deno.env.get(variable));
    const dir = flags.dir?.at(-1);
    const folder = dir === undefined ? own : userPath(dir);
    const written = await writeOperation(name, folder);
    for (const line of nextSteps(name, folder, folder !== own)) say(line);
    if (written.warning !== undefined) say(written.warning, Deno.stderr);
    return 0;
  });
}
