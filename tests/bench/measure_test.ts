import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import type { Figure, Measured, Sides } from "./figure.ts";
import type { Machine } from "./machine.ts";
import { measure } from "./measure.ts";
import { keepOthers, type NotMeasured, type Results } from "./results.ts";
import { runFigures } from "./run_figures.ts";
import { Stage } from "./stage.ts";
import { summarize } from "./statistics.ts";

function figure(sides: Sides, extra: Partial<Figure> = {}): Figure {
  return {
    ...{ name: "thing", section: "Kernels", title: "", ours: "", unit: "ms", limits: "" },
    start: () => sides,
    repetitions: { full: 4, quick: 1 },
    ...extra,
  };
}

function stage(quick = false): Stage {
  return new Stage({ quick, python: "python" });
}

/** Gives its numbers one after the other, and notes that it was asked. */
function sampler(name: string, numbers: number[], asked: string[]) {
  const left = [...numbers];
  return () => {
    asked.push(name);
    return Promise.resolve(left.shift()!);
  };
}

Deno.test("measure() takes turns, throws the first away and pairs neighbours", async () => {
  const asked: string[] = [];
  let ends = 0;
  const measured = await measure(
    figure({
      ours: sampler("ours", [99, 2, 4, 6, 8], asked),
      reference: sampler("theirs", [1, 1, 2, 2, 2], asked),
      end: () => Promise.resolve(void ends++),
    }),
    stage(),
  );
  const [one, two] = [["ours", "theirs"], ["theirs", "ours"]];
  assertEquals(asked, [...one, ...two, ...one, ...two, ...one]);
  assertEquals(measured.ours.samples, [2, 4, 6, 8]);
  assertEquals(measured.reference?.samples, [1, 2, 2, 2]);
  assertEquals(measured.ratio?.samples, [2, 2, 3, 4]);
  assertEquals(measured.ratio?.median, 2.5);
  assertEquals(ends, 1);
});

Deno.test("measure() repeats less where it is to be quick", async () => {
  const asked: string[] = [];
  const { ours } = await measure(figure({ ours: sampler("ours", [5, 6], asked) }), stage(true));
  assertEquals(ours.samples, [6]);
});

Deno.test("measure() keeps the summary of one long run", async () => {
  const summary = { median: 1, low: -2, high: 3, samples: [7, 8, 9] };
  const long = figure(
    { ours: () => Promise.resolve(summary) },
    { repetitions: { full: 1, quick: 1 }, warmUp: false },
  );
  assertEquals(await measure(long, stage()), { name: "thing", ours: summary });
});

Deno.test("measure() lets go of everything when a value is wrong", async () => {
  let ends = 0;
  const wrong = figure({
    ours: () => Promise.reject(new Error("Number 3 is 4; wanted 5")),
    end: () => Promise.resolve(void ends++),
  });
  await assertRejects(() => measure(wrong, stage()), Error, "Number 3 is 4");
  assertEquals(ends, 1);
});

Deno.test("runFigures() goes on after a figure that fails or cannot be measured", async () => {
  const said: string[] = [];
  const fine = { ...figure({ ours: () => Promise.resolve(3) }), name: "fine" };
  const wrong = {
    ...figure({ ours: () => Promise.reject(new Error("4 is not 5")) }),
    name: "wrong",
  };
  const absent = { ...fine, name: "absent", needs: ["blender" as const] };
  const all = [wrong, absent, fine];
  const { figures, missing } = await runFigures(all, stage(true), (line) => said.push(line));
  assertEquals(figures.map(({ name }) => name), ["fine"]);
  const why = "name a Blender 4.2 or newer in OUTBOARD_BLENDER";
  assertEquals(missing, [
    { name: "wrong", why: "4 is not 5", failed: true },
    { name: "absent", why, failed: false },
  ]);
  assertEquals(said.map((line) => line.split(":")[0]), [
    ...["FAILED", "not measured", "fine  3.00 (3.00–3.00) ms"],
  ]);
});

Deno.test("keepOthers() takes the new figures and leaves the others", () => {
  const measured = (name: string, value: number) => ({ name, ours: summarize([value]) });
  const results = (figures: Measured[], missing: NotMeasured[]): Results => ({
    ...{ started: "", seconds: 1, quick: false, machine: {} as Machine, figures, missing },
  });
  const before = results([measured("a", 1), measured("b", 2)], [
    { name: "c", why: "no Blender", failed: false },
  ]);
  const after = results([measured("b", 3), measured("c", 4)], []);
  const kept = keepOthers(after, before);
  assertEquals(kept.figures, [measured("a", 1), measured("b", 3), measured("c", 4)]);
  assertEquals(kept.missing, []);
});

Deno.test("a stage says what it lacks", () => {
  assertEquals(stage().lacks(["blender"]), "name a Blender 4.2 or newer in OUTBOARD_BLENDER");
  assertEquals(new Stage({ quick: true, python: "", blender: "b" }).lacks(["blender"]), undefined);
  assertEquals(stage().lacks(), undefined);
});
