/** An answer as it came over the wire. */
export interface RawAnswer {
  status: number;
  headers: Headers;
  body: string;
}

/** Sends an HTTP request as it is, with any headers at all, and reads the answer up to where the server closes. */
export async function sendRaw(
  host: string,
  lines: readonly string[],
): Promise<RawAnswer> {
  const [hostname, port] = host.split(":") as [string, string];
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const request = `${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65536);
  let text = "";
  for (let read = await connection.read(buffer); read !== null;) {
    text += decoder.decode(buffer.subarray(0, read), { stream: true });
    read = await connection.read(buffer);
  }
  return parse(text);
}

function parse(text: string): RawAnswer {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...headerLines] = text.slice(0, end).split("\r\n");
  const headers = new Headers(
    headerLines.map((line) => line.split(/: ?(.*)/).slice(0, 2) as [string, string]),
  );
  return { status: Number(statusLine.split(" ")[1]), headers, body: text.slice(end + 4) };
}

const HANDSHAKE = [
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

/** The headers of a WebSocket handshake beside `Connection`, for a server that is to refuse it. */
export function handshake(): string[] {
  return [...HANDSHAKE];
}
