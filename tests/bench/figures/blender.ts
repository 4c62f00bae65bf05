import type { Figure } from "../figure.ts";
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
    limits: "Blender's own: each object is found, checked and written by itself from Python.",
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
    limits: "The budget of a tick is 8 ms; a read, a copy or a fresh array that has begun is " +
      "finished beyond it.",
    start: (stage) => inBlender(stage, "longest_tick", undefined, 4 * MILLION)(),
  },
];
