import { join } from "node:path";
import { isAlive } from "./is_alive.ts";
import { makePrivateFolder } from "./state_folder.ts";

/** Where folders of the lane are made, and what their names begin with before the process id. */
interface Place {
  parent: string | undefined;
  prefix: string;
}

/** A runtime folder is the user's own and often in memory; the temp folder is shared, so the name must not be guessed. */
function placesFor(env: (name: string) => string | undefined): Place[] {
  const runtime = env("XDG_RUNTIME_DIR");
  const temp = { parent: undefined, prefix: "outboard-" };
  // The XDG specification has relative paths ignored.
  return runtime?.startsWith("/")
    ? [{ parent: join(runtime, "outboard"), prefix: "" }, temp]
    : [temp];
}

async function make({ parent, prefix }: Place, pid: number): Promise<string> {
  if (parent !== undefined) await makePrivateFolder(parent);
  // Made with mode 0700, under a name that nobody can know before.
  const folder = await Deno.makeTempDir({
    ...(parent === undefined ? {} : { dir: parent }),
    prefix: `${prefix}${pid}-`,
  });
  return await Deno.realPath(folder);
}

/** The folder of one server process for the files of the same-host lane. It alone may use it; the parent removes it. */
export class LaneFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes one, and removes those that servers have left which did not come to their end.
   *
   * @param pid - The process that will remove it: while it lives, the folder is no left-over
   * @returns undefined where no folder can be made that Deno would take for a permission
   */
  static async make(
    env: (name: string) => string | undefined,
    pid: number,
  ): Promise<LaneFolder | undefined> {
    for (const place of placesFor(env)) {
      const path = await make(place, pid).catch(() => undefined);
      if (path === undefined) continue;
      await removeLeftOvers(path, place.prefix);
      // A comma would end the path in a list of permissions.
      if (!path.includes(",")) return new LaneFolder(path);
      await Deno.remove(path);
    }
    return undefined;
  }

  async remove(): Promise<void> {
    // What cannot be removed now, because a client has it open, the next start removes.
    await Deno.remove(this.path, { recursive: true }).catch(() => {});
  }
}

/** Removes the folders beside `own` whose process is gone, if they are this user's. */
async function removeLeftOvers(own: string, prefix: string): Promise<void> {
  const { uid } = await Deno.lstat(own);
  const parent = join(own, "..");
  for await (const { name, isDirectory } of Deno.readDir(parent)) {
    const pid = name.startsWith(prefix)
      ? name.slice(prefix.length).match(/^(\d+)-./)?.[1]
      : undefined;
    if (pid === undefined || !isDirectory || isAlive(Number(pid))) continue;
    const folder = join(parent, name);
    const info = await Deno.lstat(folder).catch(() => undefined);
    if (info?.uid === uid) await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}
