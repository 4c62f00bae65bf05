/** `deno task try OPERATION`: runs one operation in the terminal, without Blender. */
import { runCommand } from "./command.ts";
import { tryOperation } from "./try_operation.ts";

const HELP =
  `Runs one operation on a server of its own, and says what came of it. OPERATION is its name or its file.

  --params JSON     Parameters, such as '{"height": 2}' (default: those of the operation)
  --input NAME=X    An input: a .npy, .obj or .json file, or lists such as 'points=[[0,0,0]]'; once for each
  --out FILE        Where to write the outputs: .json takes all of them, .npy one, .obj points and triangles;
                    NAME=FILE writes the output NAME; may be given several times
  --operations DIR  One more folder of operations; may be given several times
  --allow-net HOST  Let operations talk to this host; may be given several times
  --allow-read PATH Let operations read this file or folder; may be given several times`;

if (import.meta.main) {
  const flags = {
    params: "JSON",
    input: "NAME=FILE",
    out: "FILE",
    operations: "DIR",
    "allow-net": "HOST",
    "allow-read": "PATH",
  };
  await runCommand({ command: "try", words: ["OPERATION"], flags, help: HELP }, tryOperation);
}
