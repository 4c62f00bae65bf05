import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { assertMatch } from "@std/assert/match.js";
import { assertStringIncludes } from "@std/assert/string_includes.js";
import { decodeNpy } from "../../handlers/author/npy.ts";
import { elementsOf } from "../../workers/array.ts";
import { AuthorHome, errorLines } from "./author_command.ts";

/** Splits points into those and the triangles between each three of them; speaks, fails and takes its time. */
const FAN = `import { defineOperation, OperationError, z } from "outboard";
export default defineOperation({
  title: "Fan",
  description: "Joins points to triangles.",
  params: z.strictObject({
    by: z.number().max(10).default(1),
    how: z.enum(["well", "badly", "wrongly", "for ever"]).default("well"),
  }),
  inputs: { points: { kind: "points", dtype: "float32", shape: ["n", 3] } },
  outputs: {
    points: { kind: "points", dtype: "float32", shape: ["n", 3] },
    triangles: { kind: "triangles", dtype: "uint32", shape: ["m", 3] },
  },
  *run({ params: { by, how }, inputs: { points }, allocate }) {
    console.log("fan", points.shape[0]);
    if (how === "badly") throw new OperationError("Cannot fan: the points are too few");
    if (how === "wrongly") throw new RangeError("No such luck");
    for (let i = 0; how === "for ever"; i++) yield { fraction: 0.5, message: "still there" };
    allocate("points").data.set(points.data.map((x) => by * x));
    allocate("triangles", [points.shape[0]! - 2, 3]).data.set([0, 1, 2]);
  },
});
`;

const TRIANGLE = "points=[[0,0,0],[1,0,0],[0,2,0.5]]";

async function authorOfFan(): Promise<AuthorHome> {
  const user = new AuthorHome();
  await user.save("fan.ts", FAN);
  return user;
}

Deno.test("try runs an operation and says with what, how long, and what came", async () => {
  await using user = await authorOfFan();
  const { code, output, error } = await user.run(
    ...["try", "fan", "--input", TRIANGLE, "--params", '{"by": 2}'] as const,
  );
  assertEquals(code, 0, error);
  const lines = output.trimEnd().split("\n");
  assertEquals(lines[0], 'params     {"by":2,"how":"well"}');
  assertMatch(lines[1] ?? "", /^time {7}check [\d.]+ ms, queue [\d.]+ ms, compute [\d.]+ ms$/);
  assertEquals(lines.slice(2), [
    "points     float32 (3, 3), 0 to 4",
    "triangles  uint32 (1, 3), 0 to 2",
  ]);
  assertStringIncludes(error, "fan 3"); // What the operation prints itself.
  assertEquals([...Deno.readDirSync(`${user.home}/servers`)], []);
});

Deno.test("try writes files that it reads again", async () => {
  await using user = await authorOfFan();
  const outs = ["a.obj", "all.json", "points=a.npy", "triangles=t.json"];
  const first = await user.run(
    ...["try", "fan", "--input", TRIANGLE] as const,
    ...outs.flatMap((out) => ["--out", out]),
  );
  assertEquals(first.code, 0, first.error);
  assertEquals(
    await Deno.readTextFile(`${user.home}/a.obj`),
    "v 0 0 0\nv 1 0 0\nv 0 2 0.5\nf 1 2 3\n",
  );
  const all = JSON.parse(await Deno.readTextFile(`${user.home}/all.json`));
  assertEquals(all.params, { by: 1, how: "well" });
  assertEquals(all.outputs.triangles, [[0, 1, 2]]);
  assertEquals(JSON.parse(await Deno.readTextFile(`${user.home}/t.json`)), [[0, 1, 2]]);
  const points = decodeNpy("a.npy", await Deno.readFile(`${user.home}/a.npy`));
  assertEquals([...elementsOf(points)], [0, 0, 0, 1, 0, 0, 0, 2, 0.5]);
  for (const file of ["a.obj", "a.npy"]) {
    const again = await user.run("try", "fan", "--input", `points=${file}`);
    assertEquals(again.code, 0, again.error);
    assertStringIncludes(again.output, "points     float32 (3, 3), 0 to 2");
  }
});

const REFUSED: [string, string[], number, string][] = [
  [
    "an unknown operation",
    ["none"],
    1,
    "Cannot try 'none': there are ambient_occlusion, ",
  ],
  [
    "a name with a slip",
    ["smoth_mesh"],
    1,
    "Cannot try 'smoth_mesh': did you mean 'smooth_mesh'? There are ",
  ],
  ["a file that is gone", ["./gone.ts"], 1, "Cannot try './gone.ts': there is no such file"],
  [
    "a file of no operation",
    ["_shared.ts"],
    2,
    "files that begin with _ or end in _test.ts hold none",
  ],
  [
    "a file in JavaScript",
    ["wave.js"],
    2,
    "Cannot try 'wave.js': wanted an operation's name or its .ts file",
  ],
  ["a missing input", ["fan"], 1, "Cannot run 'fan': the input 'points' is missing"],
  ["an unknown input", ["fan", "--input", "p=[]"], 2, "NAME is one of the inputs: points"],
  [
    "params out of range",
    ["fan", "--input", TRIANGLE, "--params", '{"by":11}'],
    1,
    "<= 10, got 11",
  ],
  ["params that are no object", ["fan", "--params", "[]"], 2, "wanted a JSON object, got '[]'"],
  ["a file that is not there", ["fan", "--input", "points=no.npy"], 1, "there is no such file"],
  ["a file of another sort", ["fan", "--input", "points=a.stl"], 1, "wanted .npy, .obj, .json"],
  ["uneven lists", ["fan", "--input", "points=[[1,2],[3]]"], 1, "lists of equal length"],
  ["another shape", ["fan", "--input", "points=[[1,2]]"], 1, "must have shape (n, 3), got (1, 2)"],
  ["two arrays in one .npy", ["fan", "--out", "x.npy"], 2, "wanted NAME=x.npy with one of points"],
  ["an unknown output", ["fan", "--out", "p=x.npy"], 2, "one of the outputs points, triangles"],
  ["vectors in an OBJ", ["random_vectors", "--out", "x.obj"], 2, "needs an output of points"],
  ["a folder that is none", ["fan", "--operations", "gone"], 2, "wanted a folder"],
  ["an unknown flag", ["fan", "--fast"], 2, "Cannot use '--fast': wanted deno task try OPERATION"],
];

Deno.test("try refuses what it cannot use, in one line", async (test) => {
  await using user = await authorOfFan();
  for (const [what, args, wanted, reason] of REFUSED) {
    await test.step(what, async () => {
      const { code, output, error } = await user.run("try", ...args);
      assertEquals([code, output], [wanted, ""], error);
      assertStringIncludes(error, reason);
      assertEquals(error.trimEnd().split("\n").length, 1, error);
    });
  }
});

Deno.test("try passes on what an operation throws, with its place where it is a defect", async () => {
  await using user = await authorOfFan();
  const run = (how: string) =>
    user.run("try", "fan", "--input", TRIANGLE, "--params", JSON.stringify({ how }));
  const told = await run("badly");
  assertEquals(told.code, 1);
  assertEquals(told.error, "fan 3\nCannot fan: the points are too few\n");
  const failed = await run("wrongly");
  assertEquals(failed.code, 1);
  assertMatch(failed.error, /Operation 'fan' failed in fan\.ts:17: No such luck\n$/);
  assertStringIncludes(failed.error, `${user.operations}/fan.ts:17`); // The stack.
});

Deno.test("try takes a file, wherever it is, and never another one of its name", async () => {
  await using user = await authorOfFan();
  await Deno.mkdir(`${user.home}/mine`);
  for (const name of ["fan", "other_fan"]) {
    await Deno.writeTextFile(`${user.home}/mine/${name}.ts`, FAN.replace("by * x", "-by * x"));
  }
  const other = await user.run("try", "mine/other_fan.ts", "--input", TRIANGLE);
  assertEquals(other.code, 0, other.error);
  assertStringIncludes(other.output, "points     float32 (3, 3), -2 to 0");
  const hidden = await user.run("try", "mine/fan.ts", "--input", TRIANGLE);
  assertEquals([hidden.code, hidden.output], [1, ""]);
  assertStringIncludes(hidden.error, `The name 'fan' is taken by ${user.operations}/fan.ts`);
});

Deno.test("try tells the author what a refused access needs", async () => {
  await using user = await authorOfFan();
  const fetching = FAN.replace("*run", "async *run").replace(
    "console.log(",
    'await fetch("https://example.com/"); (',
  );
  await user.save("fetching.ts", fetching);
  const { code, error } = await user.run("try", "fetching", "--input", TRIANGLE);
  assertEquals(code, 1);
  const advice =
    'Cannot talk to example.com: declare `permissions: { net: ["example.com"] }` in the operation ' +
    "and start the server with --allow-net=example.com";
  assertStringIncludes(error, `Operation 'fetching' failed in fetching.ts:15: ${advice}`);
});

Deno.test("try says where a file is broken", async () => {
  await using user = await authorOfFan();
  await user.save("broken.ts", "\nexport default (");
  const { code, error } = await user.run("try", "broken");
  assertEquals(code, 1);
  assertStringIncludes(error, `${user.operations}/broken.ts:2: `);
});

Deno.test("try stops the operation on Ctrl-C and leaves nothing behind", async () => {
  await using user = await authorOfFan();
  const params = JSON.stringify({ how: "for ever" });
  const child = user.start("try", ["fan", "--input", TRIANGLE, "--params", params]);
  const errors = errorLines(child);
  const said: string[] = [];
  for await (const line of errors) {
    said.push(line);
    if (line === "50 % still there") child.kill("SIGINT");
  }
  assertEquals(said.at(-1), "Cancelled");
  assertEquals((await child.status).code, 130);
  assertEquals(await new Response(child.stdout).text(), "");
  assertEquals([...Deno.readDirSync(`${user.home}/servers`)], []);
});

Deno.test("try grants what the user grants, and no more", async () => {
  await using user = await authorOfFan();
  const asking = FAN.replace("  params:", '  permissions: { read: ["/usr/share/x"] },\n  params:');
  await user.save("asking.ts", asking);
  const refused = await user.run("try", "asking", "--input", TRIANGLE);
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.error, "--allow-read=/usr/share/x");
  const granted = await user.run(
    ...["try", "asking", "--input", TRIANGLE, "--allow-read", "/usr/share/x"] as const,
  );
  assert(granted.code === 0, granted.error);
});
