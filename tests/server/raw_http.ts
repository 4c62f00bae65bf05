/** An answer as it came over the wire. */
export interface RawAnswer {
  status: number;
  headers: Headers;
  body: string;
}

/** Sends an HTTP request as it is, with any headers at all, and reads the answer: all of it unless it is an upgrade. */
export async function sendRaw(
  host: string,
  lines: readonly string[],
): Promise<RawAnswer> {
  const [hostname, port] = host.split(":") as [string, string];
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const closing = lines.some((line) => /^connection:/i.test(line)) ? [] : ["Connection: close"];
  const request = [...lines, ...closing, "", ""].join("\r\n");
  await connection.write(new TextEncoder().encode(request));
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65536);
  let text = "";
  for (let read = await connection.read(buffer); read !== null;) {
    text += decoder.decode(buffer.subarray(0, read), { stream: true });
    if (text.startsWith("HTTP/1.1 101") && text.includes("\r\n\r\n")) break;
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

/** The headers of a WebSocket handshake; a server that refuses it is to close. */
export const HANDSHAKE: readonly string[] = [
  "Connection: close, Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

/** A whole upgrade request. */
export function handshakeFor(host: string, token: string): string {
  const open = HANDSHAKE.map((header) => header.replace("close, ", ""));
  return [`GET /ws?token=${token} HTTP/1.1`, `Host: ${host}`, ...open, "", ""].join("\r\n");
}
