import { assertEquals } from "@std/assert/equals.js";
import { join } from "node:path";
import { Discovery } from "../../handlers/launch/discovery.ts";
import type { DiscoveryEntry } from "../../handlers/launch/discovery_entry.ts";

const ENTRY: DiscoveryEntry = {
  url: "ws://127.0.0.1:1/ws",
  token: "secret",
  pid: Deno.pid,
  version: "1.2.3",
  started: "2026-01-31T12:00:00.000Z",
};

async function withDiscovery(test: (discovery: Discovery, home: string) => Promise<void>) {
  const parent = await Deno.makeTempDir({ prefix: "outboard-test-" });
  const home = join(parent, "state");
  try {
    await test(new Discovery(home), home);
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

async function mode(path: string): Promise<string> {
  return ((await Deno.stat(path)).mode ?? 0).toString(8).slice(-3);
}

Deno.test("Discovery.write() leaves one file that only the user can read", () =>
  withDiscovery(async (discovery, home) => {
    await discovery.write(ENTRY);
    const names = [...Deno.readDirSync(discovery.folder)].map(({ name }) => name);
    assertEquals(names, [`${Deno.pid}.json`]);
    assertEquals(JSON.parse(await Deno.readTextFile(discovery.fileOf(Deno.pid))), ENTRY);
    if (Deno.build.os === "windows") return;
    assertEquals(
      [await mode(home), await mode(discovery.folder), await mode(discovery.fileOf(Deno.pid))],
      ["700", "700", "600"],
    );
  }));

Deno.test("Discovery.list() removes what dead servers and broken writes have left", () =>
  withDiscovery(async (discovery) => {
    await discovery.write(ENTRY);
    // A process that has ended: its number is not alive any more.
    const dead = new Deno.Command(Deno.execPath(), { args: ["--version"], stdout: "null" }).spawn();
    await dead.status;
    await discovery.write({ ...ENTRY, pid: dead.pid });
    await Deno.writeTextFile(join(discovery.folder, "7.json"), "{half");
    assertEquals(await discovery.list(), [ENTRY]);
    assertEquals([...Deno.readDirSync(discovery.folder)].length, 1);
  }));

Deno.test("Discovery.list() is empty where no server ever ran", () =>
  withDiscovery(async (discovery) => {
    assertEquals(await discovery.list(), []);
    await discovery.remove(Deno.pid);
  }));
