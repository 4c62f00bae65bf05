import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertMatch } from "@std/assert/match.js";
import { assertStringIncludes } from "@std/assert/string_includes.js";
import { join } from "node:path";
import { isListening, open, RunningMain } from "./running_main.ts";

Deno.test("main.ts --json says first where it is, with what token", async () => {
  await using main = new RunningMain(["--json", "--port", "0"]);
  const line = await main.line();
  const { url, token, pid, version, ...rest } = JSON.parse(line);
  assertEquals(rest, { event: "ready" });
  assertMatch(url, /^ws:\/\/127\.0\.0\.1:\d+\/ws$/);
  assertMatch(token, /^[\w-]{43}$/);
  assertEquals(pid, main.child.pid);
  const file = join(main.home, "servers", `${pid}.json`);
  const { started, ...entry } = JSON.parse(await Deno.readTextFile(file));
  assertEquals(entry, { url, token, pid, version });
  assert(Math.abs(Date.parse(started) - Date.now()) < 60_000);
});

Deno.test("main.ts writes a banner that is readable without colour", async () => {
  await using main = new RunningMain(["--port", "0", "--threads", "1"]);
  let banner = "";
  while (!banner.includes("Stop")) banner += `${await main.line()}\n`;
  assertMatch(banner, /^Outboard \d+\.\d+\.\d+ is ready\n/);
  for (const part of ["ws://127.0.0.1:", "Tools > Outboard", "Ctrl-C", "?token="]) {
    assertStringIncludes(banner, part);
  }
  assertMatch(banner, /Operations +\d+: [a-z_]+(, [a-z_]+)*(, and \d+ more)?\n/);
  assertStringIncludes(banner, join(main.home, "servers"));
  const own = join(main.home, "operations");
  assertMatch(banner, new RegExp(`Your own +${own}\\n`));
  // A file that is saved there by hand is typed in an editor too.
  const config = JSON.parse(await Deno.readTextFile(join(own, "deno.json")));
  assertEquals(Object.keys(config.tasks), ["new", "try", "check", "serve"]);
  assertMatch(config.imports.outboard, /^file:\/\/.*\/workers\/outboard\.ts$/);
  // deno-lint-ignore no-control-regex
  assert(!/\x1b/.test(banner));
});

Deno.test("main.ts ends with exit code 2 on a flag that it does not know", async () => {
  await using main = new RunningMain(["--prot", "1"]);
  const { code, output, error } = await main.end();
  assertEquals([code, output], [2, ""]);
  assertStringIncludes(error, "'--prot'");
});

Deno.test("main.ts refuses a port that was asked for and says when another Outboard holds it", async () => {
  await using first = new RunningMain(["--json", "--port", "0"]);
  const port = new URL((await first.ready()).url).port;
  await using second = new RunningMain(["--port", port], { home: first.home });
  const { code, error } = await second.end();
  assertEquals(code, 2);
  assertStringIncludes(error, `--port`);
  assertStringIncludes(error, `another Outboard holds`);
  using stranger = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using third = new RunningMain(["--port", String(stranger.addr.port)]);
  const refused = await third.end();
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.error, "another program holds");
});

Deno.test("main.ts takes the next free port when the default one is taken, and says so", async () => {
  let blocker: Deno.TcpListener | undefined;
  try {
    blocker = Deno.listen({ hostname: "127.0.0.1", port: 8470 });
  } catch { /* Somebody else holds it: just as well. */ }
  try {
    await using main = new RunningMain(["--threads", "1"]);
    const lines: string[] = [];
    while (!lines.at(-1)?.includes("8470 is taken")) lines.push(await main.line());
    const address = lines.find((line) => line.includes("Address")) ?? "";
    assertMatch(address, /ws:\/\/127\.0\.0\.1:\d+\/ws$/);
    assert(!address.includes(":8470/"));
  } finally {
    blocker?.close();
  }
});

Deno.test("main.ts starts a dead server again, on the same port with the same token", async () => {
  await using main = new RunningMain(["--json", "--port", "0"]);
  const before = await main.ready();
  const socket = await open(before);
  const gone = new Promise((resolve) => socket.onclose = resolve);
  const server = await serverProcessOf(main.child.pid);
  Deno.kill(server, "SIGKILL");
  await gone;
  const told = await main.event("restarting");
  assertStringIncludes(String(told.message), "starting it again");
  const after = await main.ready();
  assertEquals([after.url, after.token, after.pid], [before.url, before.token, before.pid]);
  const again = await open(after);
  again.close();
  assert(await serverProcessOf(main.child.pid) !== server);
});

Deno.test("main.ts answers unfinished jobs on SIGTERM, closes with 1001 and exits 0", async () => {
  await using main = new RunningMain(["--json", "--port", "0", "--threads", "1"]);
  const ready = await main.ready();
  const socket = await open(ready);
  const answers: { error?: { message: string; data: { code: string } } }[] = [];
  const closed = new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
  socket.onmessage = ({ data }) => answers.push(JSON.parse(data));
  const params = { count: 10_000_000, distribution: { kind: "normal" }, dtype: "float32" };
  for (let id = 0; id < 4; id++) {
    socket.send(JSON.stringify({
      jsonrpc: "2.0",
      id,
      method: "jobs.run",
      params: { operation: "random_vectors", params, arrays: "binary" },
    }));
  }
  const answered = new Promise((resolve) =>
    socket.addEventListener("message", resolve, { once: true })
  );
  socket.send(JSON.stringify({ jsonrpc: "2.0", id: "ping", method: "server.ping" }));
  await answered;
  main.child.kill("SIGTERM");
  assertEquals((await closed).code, 1001);
  const cancelled = answers.filter(({ error }) => error !== undefined);
  assertEquals(
    cancelled.map(({ error }) => [error?.data.code, error?.message]),
    new Array(4).fill(["CANCELLED", "The server is shutting down"]),
  );
  const { code } = await main.end();
  assertEquals(code, 0);
  assertEquals([...Deno.readDirSync(join(main.home, "servers"))], []);
});

Deno.test("main.ts ends at once on a second signal, even if the server hangs", async () => {
  await using main = new RunningMain(["--json", "--port", "0"]);
  await main.ready();
  // A stopped process is one that hangs: it does not hear that it shall end.
  Deno.kill(await serverProcessOf(main.child.pid), "SIGSTOP");
  main.child.kill("SIGINT");
  await main.event("stopping");
  const first = performance.now();
  const again = setInterval(() => main.child.kill("SIGINT"), 50);
  const { code } = await main.end();
  clearInterval(again);
  assertEquals(code, 1);
  // Far from the bound after which a hanging server is ended without a second signal.
  assert(performance.now() - first < 1500);
});

Deno.test("the server ends when its parent is killed, however it is killed", async () => {
  await using main = new RunningMain(["--json", "--port", "0"]);
  const { url } = await main.ready();
  const socket = await open({ ...(await readEntry(main)), event: "ready" });
  const gone = new Promise((resolve) => socket.onclose = resolve);
  main.child.kill("SIGKILL");
  await gone;
  const deadline = performance.now() + 5000;
  while (await isListening(url)) assert(performance.now() < deadline, "the server lives on");
  assertStringIncludes((await main.end()).error, "The parent process is gone");
});

async function readEntry(main: RunningMain) {
  const file = join(main.home, "servers", `${main.child.pid}.json`);
  return JSON.parse(await Deno.readTextFile(file));
}

/** The process number of the server that `parent` has started. */
async function serverProcessOf(parent: number): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-A", "-o", "pid=,ppid="] }).output();
  const rows = new TextDecoder().decode(stdout).trim().split("\n")
    .map((row) => row.trim().split(/\s+/).map(Number));
  const child = rows.find(([, ppid]) => ppid === parent)?.[0];
  if (child === undefined) throw new Error(`Process ${parent} has no child`);
  return child;
}

/** A tetrahedron of volume 1 / 6, or larger by `size`. */
function tetrahedron(size: number): { points: number[][]; triangles: number[][] } {
  return {
    points: [[0, 0, 0], [size, 0, 0], [0, size, 0], [0, 0, size]],
    triangles: [[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]],
  };
}

Deno.test("main.ts lets operations load the packages that they are made of", async () => {
  await using main = new RunningMain(["--json", "--port", "0", "--threads", "1"]);
  const socket = await open(await main.ready());
  const [large, small] = [tetrahedron(2), tetrahedron(1)];
  const cut = { secondPoints: small.points, secondTriangles: small.triangles };
  const requests: [string, Record<string, unknown>, number][] = [
    ["displace_noise", { points: large.points, normals: large.points }, 4],
    ["simplify_mesh", large, 3],
    ["boolean_meshes", { ...large, ...cut }, 6],
  ];
  for (const [operation, inputs, points] of requests) {
    const answered = new Promise<MessageEvent>((resolve) =>
      socket.addEventListener("message", resolve, { once: true })
    );
    const params = { operation, inputs, arrays: "json" };
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: operation, method: "jobs.run", params }));
    const { result, error } = JSON.parse((await answered).data);
    assertEquals(error, undefined, operation);
    assertEquals(result.outputs.points.length, points, operation);
  }
  socket.close();
});
