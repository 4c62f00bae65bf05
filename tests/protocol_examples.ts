/** An example of docs/protocol.md: what is sent and what must come back. */
export interface Example {
  name: string;
  sent: string;
  expected: unknown;
}

const BLOCK = /^```json example=(\S+)\n([\s\S]*?)^```$/gm;

/** The examples of a page, in the order they stand. */
export function examplesOf(markdown: string): Example[] {
  return [...markdown.matchAll(BLOCK)].map(([, name = "", body = ""]) => {
    const lines = body.trimEnd().split("\n");
    const [sent, expected] = lines;
    if (lines.length !== 2 || !sent?.startsWith("--> ") || !expected?.startsWith("<-- ")) {
      throw new SyntaxError(`Cannot read example '${name}': wanted a line --> and a line <--`);
    }
    return { name, sent: sent.slice(4), expected: JSON.parse(expected.slice(4)) };
  });
}

/** Stands for anything at all, as long as it is there. */
const ANYTHING = "…";

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Where `came` is not what the page says; empty when it is. Keys that the page does not name are told too. */
export function differences(expected: unknown, came: unknown, path = ""): string[] {
  if (expected === ANYTHING) return came === undefined ? [`${path} is missing`] : [];
  if (!isObject(expected) || !isObject(came) || Array.isArray(expected) !== Array.isArray(came)) {
    return Object.is(expected, came)
      ? []
      : [`${path} is ${JSON.stringify(came)}, the page says ${JSON.stringify(expected)}`];
  }
  const keys = new Set([...Object.keys(expected), ...Object.keys(came)]);
  return [...keys].flatMap((key) => {
    const at = path === "" ? key : `${path}.${key}`;
    if (!(key in expected)) return [`${at} is not on the page`];
    return differences(expected[key], came[key], at);
  });
}

/** The rows of the first table under the row of `headings`, as cells without their code marks. */
export function tableOf(markdown: string, headings: readonly string[]): string[][] {
  const rows = markdown.split("\n").map((line) =>
    line.startsWith("|") ? line.split("|").slice(1, -1).map((cell) => cell.trim()) : []
  );
  const start = rows.findIndex((row) => row.join("|") === headings.join("|"));
  if (start < 0) throw new RangeError(`There is no table with the headings ${headings.join(", ")}`);
  const end = rows.findIndex((row, index) => index > start && row.length === 0);
  return rows.slice(start + 2, end < 0 ? undefined : end)
    .map((row) => row.map((cell) => cell.replaceAll("`", "")));
}
