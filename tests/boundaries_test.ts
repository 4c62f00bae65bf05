import { assert } from "@std/assert/assert.js";
import { assertEquals } from "@std/assert/equals.js";
import { errorMessagesOf, messageFault } from "./error_messages.ts";
import {
  importsOf,
  layerFaults,
  lengthFaults,
  nameFaults,
  onlyIn,
  pythonFaults,
  pythonImportsOf,
  reachableFrom,
  type Rule,
  type SourceFile,
} from "./source_rules.ts";

const ROOT = new URL("../", import.meta.url);
const MAX_LINES = 400;

/** What the design allows at the top, and what tools leave there that git does not keep. */
const TOP_LEVEL = [
  ...["deno.json", "deno.lock", "main.ts", "handlers", "workers", "addon", "tests", "docs"],
  ...["README.md", "LICENSE", "CHANGELOG.md", ".ci", ".gitignore", ".git"],
  ...["dist", ".venv", ".pytest_cache", ".ruff_cache", "__pycache__"],
];

const SOURCES = ["main.ts", "handlers", "workers", "addon", "tests"];
const IGNORED = /^(\.|__pycache__$|screenshots$)/;

async function readSources(folder: URL, path = ""): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (IGNORED.test(name) || (path === "" && !SOURCES.includes(name))) continue;
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) files.push(...await readSources(url, `${path}${name}/`));
    else if (/\.(ts|py)$/.test(name)) {
      files.push({ path: path + name, text: await Deno.readTextFile(url) });
    }
  }
  return files;
}

const LAYERS = [
  { of: ["main.ts"], may: ["handlers/"] },
  { of: ["handlers/"], may: ["handlers/", "workers/", "deno.json"] },
  { of: ["workers/"], may: ["workers/"] },
];

/** Code of the main thread: an operation's endless loop must never come to it. */
const SERVER = "handlers/server.ts";
const THREAD_ONLY = /^workers\/(operations|kernels)\/|^workers\/(thread|run_slice)\.ts$/;

/** Examples in comments fail in their own words. */
function withoutComments(text: string): string {
  return text.split("\n").filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line)).join("\n");
}

const RULES: Rule[] = [
  {
    title: "main.ts imports handlers, handlers import workers, and never back",
    faults: (files) => layerFaults(files, LAYERS),
    bad: [
      { path: "main.ts", text: 'import { Pool } from "./workers/pool.ts";' },
      { path: "handlers/a.ts", text: 'const b = await import("../main.ts");' },
      { path: "handlers/b.ts", text: 'export * from "../tests/a.ts";' },
      { path: "workers/a.ts", text: 'import type { Limits } from "../handlers/limits.ts";' },
      { path: "workers/kernels/b.ts", text: 'import "../../handlers/core.ts";' },
    ],
  },
  {
    title: "only workers/pool.ts imports piscina",
    faults: (files) =>
      onlyIn(files, /["']piscina["']/, {
        where: ["main.ts", "handlers/", "workers/"],
        allowed: ["workers/pool.ts"],
      }),
    bad: [{ path: "workers/thread.ts", text: 'import { workerData } from "piscina";' }],
  },
  {
    title:
      "only the server's socket and serve.ts, and the authors' connection to it, know the network",
    faults: (files) =>
      onlyIn(files, /Deno\.(serve|upgradeWebSocket|listen|connect)\w*\(|new WebSocket\(|fetch\(/, {
        where: ["main.ts", "handlers/", "workers/"],
        allowed: ["handlers/socket.ts", "handlers/serve.ts", "handlers/author/connection.ts"],
      }),
    bad: [
      { path: "handlers/dispatch.ts", text: "Deno.upgradeWebSocket(request);" },
      { path: "workers/operations/a.ts", text: 'await fetch("http://127.0.0.1");' },
      { path: "main.ts", text: "Deno.listenTls({});" },
    ],
  },
  {
    title:
      "only handlers/launch starts processes, and what runs Deno's type check and the kernels' compiler",
    faults: (files) =>
      onlyIn(files, /Deno\.Command|node:child_process/, {
        where: ["main.ts", "handlers/", "workers/"],
        allowed: [
          "handlers/launch/",
          "handlers/author/type_check.ts",
          "workers/kernels/compile_kernels.ts",
        ],
      }),
    bad: [{ path: "handlers/core.ts", text: 'new Deno.Command("sh");' }],
  },
  {
    title: "the server process never draws in an operation, a kernel or a thread's code",
    faults: (files) => [...reachableFrom(files, SERVER)].filter((path) => THREAD_ONLY.test(path)),
    bad: [
      { path: SERVER, text: 'import { serve } from "./serve.ts";' },
      { path: "handlers/serve.ts", text: 'import { a } from "../workers/a.ts";' },
      { path: "workers/a.ts", text: 'import { b } from "./kernels/b.ts";' },
      { path: "workers/kernels/b.ts", text: "" },
    ],
  },
  {
    title: "the server process draws in nothing of the authors' commands",
    faults: (files) =>
      [...reachableFrom(files, SERVER)].filter((path) => path.startsWith("handlers/author/")),
    bad: [
      { path: SERVER, text: 'import { say } from "./author/command.ts";' },
      { path: "handlers/author/command.ts", text: "" },
    ],
  },
  {
    title: "addon/bridge imports neither Blender nor what stands above it",
    faults: (files) =>
      pythonFaults(files, "addon/bridge/", [
        ...["bpy", "bmesh", "mathutils", "gpu", "bl_ui"],
        ...["addon.scene", "addon.ui"],
      ]),
    bad: [
      { path: "addon/bridge/a.py", text: "import numpy as np\nimport bpy\n" },
      { path: "addon/bridge/b.py", text: "def read():\n    from bpy.types import Object\n" },
      { path: "addon/bridge/c.py", text: "from ..scene import read\n" },
    ],
  },
  {
    title: "addon/scene does not import addon/ui",
    faults: (files) => pythonFaults(files, "addon/scene/", ["addon.ui"]),
    bad: [
      { path: "addon/scene/a.py", text: "from ..ui.panel import Panel\n" },
      { path: "addon/scene/b.py", text: "from .. import ui\n" },
    ],
  },
  {
    title: "addon/ui calls addon/scene and does nothing of its own",
    faults: (files) =>
      pythonFaults(files, "addon/ui/", ["addon.bridge", "numpy", "socket", "websockets"]),
    bad: [
      { path: "addon/ui/a.py", text: "from ..bridge.client import Client\n" },
      { path: "addon/ui/b.py", text: "import numpy as np\n" },
    ],
  },
  {
    title: "the extension has no threads and starts no processes",
    faults: (files) =>
      pythonFaults(files, "addon/", [
        ...["threading", "_thread", "asyncio", "concurrent", "multiprocessing", "subprocess"],
      ]).filter((fault) => !fault.startsWith("addon/build.py")),
    bad: [{ path: "addon/scene/a.py", text: "import json, threading\n" }],
  },
  {
    title: `no file has more than ${MAX_LINES} lines`,
    faults: (files) => lengthFaults(files, MAX_LINES),
    bad: [{ path: "handlers/a.ts", text: "\n".repeat(MAX_LINES + 1) }],
  },
  {
    title: "every name says what is in the file",
    faults: (files) => nameFaults(files, /^(utils?|helpers?|misc|common|stuff)(\.|_|$)/),
    bad: [
      { path: "handlers/utils.ts", text: "" },
      { path: "tests/helpers/a.py", text: "" },
      { path: "workers/misc_test.ts", text: "" },
    ],
  },
  {
    title: "error messages start with a capital and end without a period",
    faults: (files) =>
      files.filter(({ path }) => /^(main\.ts|handlers\/|workers\/)/.test(path))
        .flatMap(({ path, text }) =>
          errorMessagesOf(withoutComments(text)).flatMap((message) => {
            const fault = messageFault(message);
            return fault === undefined ? [] : [`${path}: ${message} ${fault}`];
          })
        ),
    bad: [
      { path: "handlers/a.ts", text: 'throw new OutboardError("BUSY", "cannot run");' },
      { path: "workers/a.ts", text: "new RangeError(`Cannot ${join(a, ')')} run.`)" },
    ],
  },
];

const sources = await readSources(ROOT);

Deno.test("the sources keep to the boundaries of the design", async (test) => {
  assert(sources.length > 100, `${sources.length} files are looked at`);
  for (const { title, faults } of RULES) {
    await test.step(title, () => assertEquals(faults(sources), []));
  }
});

Deno.test("every boundary is found out when it is crossed", async (test) => {
  for (const { title, faults, bad } of RULES) {
    await test.step(title, () => {
      const found = faults(bad);
      assert(found.length > 0, "nothing was found");
      // A chain of imports is one fault; otherwise each bad file is one.
      if (bad[0]?.path !== SERVER) assertEquals(found.length, bad.length, found.join("\n"));
    });
  }
});

Deno.test("the top level holds what the design allows and nothing else", async () => {
  const strange: string[] = [];
  for await (const { name } of Deno.readDir(ROOT)) {
    if (!TOP_LEVEL.includes(name)) strange.push(name);
  }
  assertEquals(strange, []);
});

Deno.test("importsOf() sees every way to import a file of ours", () => {
  const text = 'import a from "./a.ts";\nimport "./b.ts";\nexport * from "../c.ts";\n' +
    'import type {\n  D,\n} from "zod";\nawait import("./e.ts");\nconst from = 1;\n';
  assertEquals(importsOf({ path: "handlers/wire/x.ts", text }), [
    "handlers/wire/a.ts",
    "handlers/wire/b.ts",
    "handlers/c.ts",
    "handlers/wire/e.ts",
  ]);
});

Deno.test("pythonImportsOf() writes relative imports out", () => {
  const text = "import os, sys\nfrom a.b import c\nfrom . import d, e\nfrom ..f.g import h\n";
  assertEquals(pythonImportsOf({ path: "addon/bridge/x.py", text }), [
    ...["os", "sys", "a.b", "addon.bridge.d", "addon.bridge.e", "addon.f.g"],
  ]);
});

Deno.test("errorMessagesOf() reads messages of several lines and judges both ends", () => {
  const text = `new OutboardError("A", \`Cannot \${run("a, b")}, \` +
      "because it is so.", { data: "x." });
    new RangeError("wanted (more)");
    new OutboardError("C", text);`;
  const messages = errorMessagesOf(text);
  assertEquals(messages.length, 2);
  assertEquals(messages.map(messageFault), [
    "ends with a period",
    "does not start with a capital",
  ]);
});
