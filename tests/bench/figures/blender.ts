import type { Figure, Sides } from "../figure.ts";
import type { Stage } from "../stage.ts";

const section = "Blender";
const MILLION = 1_000_000;

/** What Blender does for both sides. */
function inBlender(stage: Stage, ours: string, reference: string | undefined, count: number) {
  return async () => {
    const blender = await stage.blender();
    const options = { count: stage.quick ? count / 20 : count };
    const sampler = (what: string) => () => blender.ask(what, options);
    return {
      ours: sampler(ours),
      ...(reference === undefined ? {} : { reference: sampler(reference) }),
    };
  };
}

const ALONE = "the same Blender, left alone";
const ROUNDS =
  "A tick of the extension, 3 ms, and Blender's own loop, which sleeps up to 5 ms between two " +
  "rounds and now and then draws; on two cores, either waits for the server's threads as well.";

/** How long another timer waits while points go to `server` and back, and while nothing does. */
async function gap(stage: Stage, { home }: { home: string }): Promise<Sides> {
  const window = await stage.window();
  const count = stage.quick ? MILLION / 5 : 4 * MILLION;
  return {
    ours: () => window.ask("longest_gap", { home, count }),
    reference: () => window.ask("longest_idle_gap", { seconds: stage.quick ? 0.2 : 1 }),
  };
}

export const BLENDER: Figure[] = [
  {
    name: "blender_mesh",
    section,
    title: "A mesh of one million vertices: read, sent, transformed, received, written",
    ours: "Transform Mesh, by the extension's own steps, in blender -b",
    reference: "numpy in the same Blender: read, P @ A.T + t, write",
    unit: "ms",
    goal: { of: "ratio", most: 3, stretch: 1.5 },
    needs: ["blender"],
    limits: "The way there and back; the checks before the first write, which read the mesh a " +
      "second time to see that it did not change meanwhile.",
    start: (stage) => inBlender(stage, "mesh_by_server", "mesh_by_numpy", MILLION)(),
  },
  {
    name: "blender_objects",
    section,
    title: "The matrices of ten thousand objects: read, transformed, written",
    ours: "Transform Objects, by the extension's own steps",
    reference: "a bare loop that writes matrices which are there already",
    unit: "ms",
    goal: { of: "ratio", most: 1.5 },
    needs: ["blender"],
    limits: "Blender's own: to be seen as moved, each object is tagged by a call from Python, " +
      "which is most of either side. On top come two readings, names and checks of each object.",
    start: (stage) => inBlender(stage, "objects_by_server", "objects_by_loop", 10_000)(),
  },
  {
    name: "blender_tick",
    section,
    title: "The longest step of the extension while 48 MB move each way",
    ours: "steps of the timer's function, in blender -b",
    unit: "ms",
    goal: { of: "value", most: 10 },
    needs: ["blender"],
    repetitions: { full: 5, quick: 1 },
    limits: "The budget of a tick is 3 ms; a read, a copy or a fresh array that takes longer " +
      "than those before it ends beyond that.",
    start: (stage) => inBlender(stage, "longest_tick", undefined, 4 * MILLION)(),
  },
  {
    name: "blender_gap",
    section,
    title: "The longest that another timer waits while 48 MB move each way",
    ours: "in a Blender with a window, by the quickest way there is",
    reference: ALONE,
    unit: "ms",
    goal: { of: "value", most: 10 },
    needs: ["blender", "screen"],
    repetitions: { full: 5, quick: 1 },
    limits: ROUNDS,
    start: async (stage) => await gap(stage, await stage.outboard()),
  },
  {
    name: "blender_gap_socket",
    section,
    title: "The same by the socket",
    ours: "in a Blender with a window, the server started with --no-lane",
    reference: ALONE,
    unit: "ms",
    goal: { of: "value", most: 10 },
    needs: ["blender", "screen"],
    repetitions: { full: 5, quick: 1 },
    limits: `${ROUNDS} Ticks of half the length were measured to gain a tenth, and to take 1.7 ` +
      "times as long for the same bytes.",
    start: async (stage) => await gap(stage, await stage.socketOnly()),
  },
  {
    name: "blender_idle",
    section,
    title: "What Blender takes while it is connected and left alone",
    ours: "connected, in a Blender with a window",
    reference: "disconnected, in the same Blender",
    unit: "% of a core",
    goal: { of: "value", most: 3 },
    needs: ["blender", "screen"],
    repetitions: { full: 3, quick: 1 },
    warmUp: false,
    limits: "Blender's own loop takes nearly all of it; the extension looks at its socket five " +
      "times a second, which takes a third of a millisecond.",
    start: async (stage) => {
      const [window, { home }] = [await stage.window(), await stage.outboard()];
      const seconds = stage.quick ? 0.2 : 4;
      return {
        ours: () => window.ask("core_share", { home, seconds, connected: true }),
        reference: () => window.ask("core_share", { home, seconds, connected: false }),
      };
    },
  },
  {
    name: "blender_import",
    section,
    title: "Import of the extension's package in Blender, its compiled files cached",
    ours: "all modules; the WebSocket library comes with the first connection",
    unit: "ms",
    goal: { of: "value", most: 50 },
    needs: ["blender"],
    limits: "Reading and running some ninety compiled files.",
    start: async (stage) => {
      const blender = await stage.blender();
      return { ours: () => blender.ask("import_time") };
    },
  },
];
