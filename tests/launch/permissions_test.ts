import { assertEquals } from "@std/assert/equals.js";
import { assert } from "@std/assert/assert.js";
import { serverArguments } from "../../handlers/launch/permissions.ts";

Deno.test("serverArguments() grants listening and the workers' code, and nothing else", () => {
  const granted = serverArguments("127.0.0.1", [8470, 0]).filter((arg) => arg.startsWith("-"));
  assertEquals(granted.map((arg) => arg.split("=")[0]), [
    "--no-prompt",
    "--quiet",
    "--allow-net",
    "--allow-read",
  ]);
  assert(granted.includes("--allow-net=127.0.0.1:8470,127.0.0.1:0"));
  assert(granted.some((arg) => /^--allow-read=[^,]*workers.?$/.test(arg)));
});

Deno.test("serverArguments() puts an IPv6 address into brackets", () => {
  assert(serverArguments("::1", [1]).includes("--allow-net=[::1]:1"));
});
