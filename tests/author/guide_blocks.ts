/** A block of code of a page: a file to be saved, or commands to be run and what they print. */
export type Block =
  | { kind: "file"; name: string; text: string }
  | { kind: "commands"; text: string; printed: string | undefined };

const FENCE = /^```(\S*)(?: (.*))?\n([\s\S]*?)^```$/gm;

/** All blocks of code of a page, in the order in which they stand. @throws {SyntaxError} When one would not be run */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  for (const [, language, marks = "", text = ""] of markdown.matchAll(FENCE)) {
    const last = blocks.at(-1);
    const name = marks.match(/^file=(\S+)$/)?.[1];
    if (name !== undefined) blocks.push({ kind: "file", name, text });
    else if (language === "sh") blocks.push({ kind: "commands", text, printed: undefined });
    else if (language === "text" && last?.kind === "commands") last.printed = text;
    else throw new SyntaxError(`Cannot run a block of '${language} ${marks}'`);
  }
  return blocks;
}

/** What the page says is printed, `…` standing for anything within a line. */
export function toPattern(printed: string): RegExp {
  const parts = printed.split("…").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^\\n]+?")}$`);
}
