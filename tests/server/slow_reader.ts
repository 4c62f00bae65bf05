import { handshakeFor } from "./raw_http.ts";

const OPCODE_TEXT = 0x81;
const MASKED = 0x80;
const LENGTH_16 = 126;

/** A WebSocket client that reads only when it is told to, and can vanish without a word. */
export class SlowReader implements Disposable {
  readonly #connection: Deno.TcpConn;

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  static async connect(host: string, token: string): Promise<SlowReader> {
    const [hostname, port] = host.split(":") as [string, string];
    const connection = await Deno.connect({ hostname, port: Number(port) });
    await connection.write(new TextEncoder().encode(handshakeFor(host, token)));
    const head = new Uint8Array(1024);
    const read = await connection.read(head) ?? 0;
    const answer = new TextDecoder().decode(head.subarray(0, read));
    if (!answer.startsWith("HTTP/1.1 101")) throw new Error(`Cannot upgrade: ${answer}`);
    return new SlowReader(connection);
  }

  /** Sends a text frame of less than 64 KiB, with a mask of zeros. */
  async send(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    const frame = new Uint8Array(8 + bytes.length);
    frame.set([OPCODE_TEXT, MASKED | LENGTH_16, bytes.length >> 8, bytes.length & 255]);
    frame.set(bytes, 8);
    await this.#connection.write(frame);
  }

  /** Reads until `bytes` have come. */
  async read(bytes: number): Promise<void> {
    const buffer = new Uint8Array(2 ** 20);
    for (let got = 0; got < bytes;) {
      const read = await this.#connection.read(buffer);
      if (read === null) throw new Error(`The connection ended after ${got} of ${bytes} bytes`);
      got += read;
    }
  }

  /** Vanishes: no close frame. */
  [Symbol.dispose](): void {
    this.#connection.close();
  }
}
