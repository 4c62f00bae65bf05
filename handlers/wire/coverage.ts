/** More holes than this are no transfer order but an attempt to make us keep books. */
const MAX_SPANS = 1024;

/** Which bytes of an array have come. Chunks in order cost nothing; others leave holes, which are kept in a list. */
export class Coverage {
  /** Received spans, ascending, never touching each other. */
  #spans: { start: number; end: number }[] = [];
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  get complete(): boolean {
    const [only] = this.#spans;
    return this.#size === 0 ||
      (this.#spans.length === 1 && only?.start === 0 && only.end === this.#size);
  }

  /** How many bytes from the start on have come without a hole. */
  get beginning(): number {
    const [first] = this.#spans;
    return first?.start === 0 ? first.end : 0;
  }

  /** Why the bytes from `start` up to `end` cannot be taken; undefined when they can, and are. */
  add(start: number, end: number): string | undefined {
    if (end > this.#size) return `it ends at byte ${end} of ${this.#size}`;
    // Chunks mostly come in order, so the place is looked for from the end.
    let at = this.#spans.length;
    while (at > 0 && (this.#spans[at - 1]?.start ?? 0) >= start) at--;
    const before = this.#spans[at - 1];
    const after = this.#spans[at];
    if (
      (before !== undefined && before.end > start) || (after !== undefined && after.start < end)
    ) {
      return `bytes ${start} to ${end} overlap what came before`;
    }
    const joinsBefore = before?.end === start;
    const joinsAfter = after?.start === end;
    if (!joinsBefore && !joinsAfter && this.#spans.length >= MAX_SPANS) {
      return `it leaves more than ${MAX_SPANS} holes`;
    }
    const span = {
      start: joinsBefore ? before.start : start,
      end: joinsAfter ? after.end : end,
    };
    const from = joinsBefore ? at - 1 : at;
    this.#spans.splice(from, Number(joinsBefore) + Number(joinsAfter), span);
    return undefined;
  }
}
