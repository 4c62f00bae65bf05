import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import { type Grants, serverArguments } from "../../handlers/launch/permissions.ts";

const GRANTS: Grants = {
  host: "127.0.0.1",
  ports: [8470, 0],
  operations: ["/own/operations"],
  allowNet: [],
  allowRead: [],
  lock: "/state/1.lock",
};

function granted(more: Partial<Grants> = {}): Map<string, string> {
  const flags = serverArguments({ ...GRANTS, ...more }).filter((arg) => arg.startsWith("-"));
  return new Map(flags.map((flag) => {
    const [name = "", value = ""] = flag.split("=");
    return [name, value];
  }));
}

Deno.test("serverArguments() grants listening and reading code, and nothing else", () => {
  const flags = granted();
  assertEquals([...flags.keys()].sort(), [
    "--allow-net",
    "--allow-read",
    "--frozen",
    "--lock",
    "--no-prompt",
    "--quiet",
    "--v8-flags",
  ]);
  assertEquals(flags.get("--allow-net"), "127.0.0.1:8470,127.0.0.1:0");
  const [workers = "", wasm = "", ...folders] = flags.get("--allow-read")?.split(",") ?? [];
  assert(/[\\/]workers[\\/]$/.test(workers));
  assert(/[\\/]manifold-3d[\\/].*manifold\.wasm$/.test(wasm));
  assertEquals(folders, ["/own/operations"]);
});

Deno.test("serverArguments() keeps the heaps of all threads small, by a flag that V8 knows", async () => {
  const flag = serverArguments(GRANTS).find((arg) => arg.startsWith("--v8-flags="));
  const known = await new Deno.Command(Deno.execPath(), {
    args: ["eval", `${flag}`, "0"],
    stderr: "piped",
  }).output();
  assert(flag?.includes("--max-semi-space-size="));
  assertEquals(new TextDecoder().decode(known.stderr), "");
  assert(known.success);
});

Deno.test("serverArguments() grants writing into the lane's folder, and nowhere else", () => {
  const flags = granted({ laneFolder: "/run/user/1000/outboard/7-abc" });
  assertEquals(flags.get("--allow-write"), "/run/user/1000/outboard/7-abc");
  assert(flags.get("--allow-read")?.endsWith(",/run/user/1000/outboard/7-abc"));
});

Deno.test("serverArguments() grants operations what the user has named", () => {
  const flags = granted({ allowNet: ["api.example.com"], allowRead: ["/data"] });
  assert(flags.get("--allow-net")?.endsWith(",api.example.com"));
  assert(flags.get("--allow-read")?.endsWith(",/data"));
});

Deno.test("serverArguments() puts an IPv6 address into brackets", () => {
  assertEquals(granted({ host: "::1", ports: [1] }).get("--allow-net"), "[::1]:1");
});
