/** Where a quoted text that opens at `start` ends, its closing mark included. */
function skipText(source: string, start: number): number {
  const mark = source[start];
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (mark === "`" && source.startsWith("${", at)) at = skipTo(source, at + 2, "}") - 1;
    else if (source[at] === mark) return at + 1;
  }
  return source.length;
}

/** The place behind the first of `stops` that stands outside of brackets and texts. */
function skipTo(source: string, start: number, stops: string): number {
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    const character = source[at] as string;
    if (`"'\``.includes(character)) at = skipText(source, at) - 1;
    else if (depth === 0 && stops.includes(character)) return at + 1;
    else if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
  }
  return source.length;
}

const ERROR = /new \w*Error\(/g;
const LITERAL = /^["'`]/;

/** The messages of the errors that `source` makes, as far as they begin with a literal: `"Cannot run '${…}'"`. */
export function errorMessagesOf(source: string): string[] {
  return [...source.matchAll(ERROR)].flatMap(({ 0: made, index }) => {
    const start = index + made.length;
    const firstEnd = skipTo(source, start, ",)");
    // The first argument of our own class is the code.
    const isOwn = made.includes("OutboardError");
    const from = isOwn ? firstEnd : start;
    const end = isOwn ? skipTo(source, from, ",)") : firstEnd;
    const argument = source.slice(from, end - 1).trim();
    return LITERAL.test(argument) ? [argument] : [];
  });
}

/** What is wrong with a message as it stands in the source; undefined when nothing is. */
export function messageFault(argument: string): string | undefined {
  const first = argument[1] ?? "";
  const last = argument.at(-1) ?? "";
  // A message that begins or ends with something computed cannot be judged here.
  if (first !== "$" && first === first.toLowerCase()) return "does not start with a capital";
  if (`"'\``.includes(last) && argument.at(-2) === ".") return "ends with a period";
  return undefined;
}
