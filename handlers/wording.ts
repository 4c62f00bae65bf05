/** Characters that would let a client write over the server's terminal. */
// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

/** What a client sent, fit for the log. */
export function printable(text: string): string {
  return text.replace(CONTROL, " ");
}

/** Longer texts of a client are not repeated to it whole. */
const LONGEST = 100;

/** What a client sent, fit for a message. */
export function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
