import { assertEquals } from "@std/assert/equals.js";
import { assertRejects } from "@std/assert/rejects.js";
import type { Figure, Sides } from "./figure.ts";
import { measure } from "./measure.ts";
import { Stage } from "./stage.ts";

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

Deno.test("a stage says what it lacks", () => {
  assertEquals(stage().lacks(["blender"]), "name a Blender 4.2 or newer in OUTBOARD_BLENDER");
  assertEquals(new Stage({ quick: true, python: "", blender: "b" }).lacks(["blender"]), undefined);
  assertEquals(stage().lacks(), undefined);
});
