import { assertEquals } from "@std/assert/equals.js";
import type { Figure, Goal, Measured } from "./figure.ts";
import { isMet } from "./figure.ts";
import { summarize } from "./statistics.ts";
import { alignRows, cells, HEADER, ratioText, short, spread, verdict } from "./table.ts";

function figure(goal?: Goal): Figure {
  return {
    ...{ name: "thing", section: "Kernels", title: "", ours: "", unit: "ms", limits: "" },
    ...(goal === undefined ? {} : { goal }),
    start: () => ({ ours: () => Promise.resolve(0) }),
  };
}

function measured(ours: number, reference?: number): Measured {
  const base = { name: "thing", ours: summarize([ours]) };
  if (reference === undefined) return base;
  return { ...base, reference: summarize([reference]), ratio: summarize([ours / reference]) };
}

Deno.test("a ratio is held against its goal, either way round", () => {
  const most = figure({ of: "ratio", most: 1.5, stretch: 1 });
  assertEquals(verdict(most, measured(2, 1)), "MISSED");
  assertEquals(verdict(most, measured(1.5, 1)), "met");
  assertEquals(verdict(most, measured(1, 1)), "met, stretch too");
  const least = figure({ of: "ratio", least: 1.1, stretch: 1.25 });
  assertEquals(verdict(least, measured(1, 1)), "MISSED");
  assertEquals(verdict(least, measured(1.2, 1)), "met");
  assertEquals(verdict(least, measured(1.3, 1)), "met, stretch too");
});

Deno.test("a speedup is the reference by ours, its spread too", () => {
  const twice = figure({ of: "speedup", least: 1.8 });
  assertEquals(verdict(twice, measured(1, 2)), "met");
  assertEquals(verdict(twice, measured(2, 1)), "MISSED");
  const ratio = { median: 0.5, low: 0.25, high: 1, samples: [] };
  assertEquals(ratioText(twice, { ...measured(1, 2), ratio }), "2.00 (1.00–4.00)");
});

Deno.test("a value is judged alone, a slope by its lower end", () => {
  assertEquals(verdict(figure({ of: "value", most: 50 }), measured(51, 1)), "MISSED");
  assertEquals(verdict(figure({ of: "value", most: 50 }), measured(50, 1)), "met");
  const flat = figure({ of: "low", most: 0 });
  const ours = { median: 0.2, low: -0.3, high: 0.7, samples: [] };
  assertEquals(verdict(flat, { name: "thing", ours }), "met");
  assertEquals(verdict(flat, { name: "thing", ours: { ...ours, low: 0.1 } }), "MISSED");
});

Deno.test("a number that is none meets no goal, and without a goal there is no verdict", () => {
  assertEquals(verdict(figure({ of: "value", most: 50 }), measured(NaN)), "MISSED");
  assertEquals(verdict(figure({ of: "value", least: 1 }), measured(NaN)), "MISSED");
  assertEquals(isMet(figure(), measured(1, 1)), undefined);
  assertEquals(verdict(figure(), measured(1, 1)), "");
});

Deno.test("numbers have three digits that count", () => {
  assertEquals([0.123, 1.234, 12.34, 123.4, 12345].map(short), [
    ...["0.12", "1.23", "12.3", "123", "12 k"],
  ]);
  assertEquals(spread({ median: 0.5, low: -0.25, high: 1, samples: [] }), "0.50 (-0.25 to 1.00)");
});

Deno.test("the table's columns stand below each other, and quick numbers are not judged", () => {
  const row = cells(figure({ of: "ratio", most: 1.5 }), measured(3, 1.5));
  assertEquals(row, [
    ...["thing", "3.00 (3.00–3.00) ms", "1.50 (1.50–1.50) ms", "2.00 (2.00–2.00)", "≤ 1.5 x"],
    "MISSED",
  ]);
  const [header, line] = alignRows([HEADER, row]);
  for (const [index, cell] of row.slice(0, -1).entries()) {
    assertEquals(header?.indexOf(HEADER[index]!), line?.indexOf(cell));
  }
  assertEquals(cells(figure({ of: "ratio", most: 1.5 }), measured(2, 1), false).length, 4);
});
