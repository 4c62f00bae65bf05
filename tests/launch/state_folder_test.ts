import { assertEquals } from "@std/assert/equals.js";
import { join } from "node:path";
import { stateFolder } from "../../handlers/launch/state_folder.ts";

const CASES: [string, typeof Deno.build.os, Record<string, string>, string][] = [
  ["OUTBOARD_HOME first", "linux", { OUTBOARD_HOME: "/own", XDG_STATE_HOME: "/xdg" }, "/own"],
  ["the XDG state folder", "linux", { XDG_STATE_HOME: "/xdg", HOME: "/h" }, "/xdg/outboard"],
  ["the XDG default", "linux", { HOME: "/h" }, "/h/.local/state/outboard"],
  ["Application Support", "darwin", { HOME: "/h" }, "/h/Library/Application Support/Outboard"],
  ["LOCALAPPDATA", "windows", { LOCALAPPDATA: "/local" }, join("/local", "Outboard")],
];

for (const [title, os, env, wanted] of CASES) {
  Deno.test(`stateFolder() is ${title} on ${os}`, () => {
    assertEquals(stateFolder((name) => env[name], os), wanted);
  });
}
