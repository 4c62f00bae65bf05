import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertMatch } from "@std/assert/match.js";
import { join } from "node:path";
import { LaneFolder } from "../../handlers/launch/lane_folder.ts";
import { RunningMain } from "./running_main.ts";

const onPosix = { ignore: Deno.build.os === "windows" };

/** An environment whose runtime folder is `folder`. */
const runtimeIn = (folder: string) => (name: string) =>
  name === "XDG_RUNTIME_DIR" ? folder : undefined;

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "outboard-test-" }));
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A folder of this process in the runtime folder, or wherever there is room for one. */
async function make(runtime: string): Promise<LaneFolder> {
  const lane = await LaneFolder.make(runtimeIn(runtime), Deno.pid);
  if (lane === undefined) throw new Error("No folder was made");
  return lane;
}

/** The id of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), { args: ["--version"], stdout: "null" }).spawn();
  await child.status;
  return child.pid;
}

Deno.test(
  "LaneFolder.make() makes a private folder in the runtime folder, a new one each time",
  onPosix,
  () =>
    withFolder(async (runtime) => {
      const [one, two] = [await make(runtime), await make(runtime)];
      assert(one.path !== two.path);
      for (const folder of [one, two]) {
        assertEquals(join(folder.path, ".."), join(runtime, "outboard"));
        assertEquals(((await Deno.stat(folder.path)).mode ?? 0) & 0o777, 0o700);
      }
      assertEquals(((await Deno.stat(join(runtime, "outboard"))).mode ?? 0) & 0o777, 0o700);
      await Deno.writeTextFile(join(one.path, "slot-1"), "bytes");
      await one.remove();
      assertEquals([...Deno.readDirSync(join(runtime, "outboard"))].length, 1);
      await one.remove(); // Nor does it mind that it is gone.
    }),
);

Deno.test(
  "LaneFolder.make() takes the temp folder where the runtime folder cannot be used",
  onPosix,
  () =>
    withFolder(async (runtime) => {
      const file = join(runtime, "file");
      await Deno.writeTextFile(file, "");
      const withComma = join(runtime, "a,b");
      await Deno.mkdir(withComma);
      for (const unusable of ["", "relative/path", join(file, "below"), withComma]) {
        const lane = await make(unusable);
        try {
          assertMatch(lane.path, new RegExp(`/outboard-${Deno.pid}-[^/,]+$`));
          assertEquals(((await Deno.stat(lane.path)).mode ?? 0) & 0o777, 0o700);
        } finally {
          await lane.remove();
        }
      }
      assertEquals([...Deno.readDirSync(join(withComma, "outboard"))], [], "nothing is left");
    }),
);

Deno.test(
  "LaneFolder.make() removes what dead servers have left, and nothing else",
  onPosix,
  () =>
    withFolder(async (runtime) => {
      const parent = join(runtime, "outboard");
      const dead = await deadPid();
      const kept = [`${Deno.pid}-alive`, `${dead}`, `x${dead}-strange`, "notes"];
      for (const name of [...kept, `${dead}-left`]) {
        await Deno.mkdir(join(parent, name), { recursive: true });
        await Deno.writeTextFile(join(parent, name, "slot-1"), "bytes");
      }
      // A link is not followed, even under a dead server's name.
      await Deno.symlink(join(parent, "notes"), join(parent, `${dead}-link`));
      const lane = await make(runtime);
      await lane.remove();
      const left = [...Deno.readDirSync(parent)].map(({ name }) => name).sort();
      assertEquals(left, [...kept, `${dead}-link`].sort());
      assertEquals(await Deno.readTextFile(join(parent, "notes", "slot-1")), "bytes");
    }),
);

Deno.test(
  "main.ts removes its folder when it stops, and at the next start what a crash has left",
  onPosix,
  () =>
    withFolder(async (runtime) => {
      const parent = join(runtime, "outboard");
      const names = () => [...Deno.readDirSync(parent)].map(({ name }) => name);
      const env = { XDG_RUNTIME_DIR: runtime };
      await using crashed = new RunningMain(["--json", "--port", "0", "--threads", "1"], { env });
      await crashed.ready();
      const [left = ""] = names();
      assertMatch(left, new RegExp(`^${crashed.child.pid}-`));
      assertEquals(
        await Deno.readTextFile(join(parent, left, "nonce")).then((text) => text.length),
        64,
      );
      crashed.child.kill("SIGKILL");
      await crashed.child.status;
      assertEquals(names(), [left], "nobody was there to remove it");
      await using next = new RunningMain(["--json", "--port", "0", "--threads", "1"], { env });
      await next.ready();
      assertEquals(names().length, 1);
      assertMatch(names()[0] ?? "", new RegExp(`^${next.child.pid}-`));
      next.child.kill("SIGTERM");
      assertEquals((await next.end()).code, 0);
      assertEquals(names(), []);
    }),
);

Deno.test("main.ts --no-lane makes no folder", onPosix, () =>
  withFolder(async (runtime) => {
    const env = { XDG_RUNTIME_DIR: runtime };
    await using main = new RunningMain(["--json", "--port", "0", "--no-lane"], { env });
    await main.ready();
    assertEquals([...Deno.readDirSync(runtime)], []);
  }));
