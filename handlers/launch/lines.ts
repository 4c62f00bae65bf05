import type { Log } from "../log.ts";

/** The lines of a byte stream, without their ends. */
export async function* readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string, void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.replace(/\r$/, "");
  }
  if (rest !== "") yield rest;
}

/** A log that writes each event as a line of JSON, after a mark by which it is known from other output. */
export function eventsTo(out: { writeSync(bytes: Uint8Array): number }, mark = ""): Log {
  const encoder = new TextEncoder();
  return (event) => {
    let bytes = encoder.encode(`${mark}${JSON.stringify(event)}\n`);
    try {
      while (bytes.length > 0) bytes = bytes.subarray(out.writeSync(bytes));
    } catch (error) {
      // The reader is gone, and whoever writes will soon be told so.
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    }
  };
}
