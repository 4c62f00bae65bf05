/**
 * A binary frame: the 16-byte header (uint32 array id, uint32 zero, uint64 offset, little-endian), then bytes of the
 * array from that offset on. docs/protocol.md, "Arrays".
 */
export const CHUNK_HEADER_BYTES = 16;

const ID_AT = 0;
const ZERO_AT = 4;
const OFFSET_AT = 8;

export interface Chunk {
  id: number;
  offset: number;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Takes a frame apart without a copy, or says what is wrong with it. Offsets beyond 2^53 are rounded: no array is that large. */
export function decodeChunk(frame: ArrayBuffer): Chunk | string {
  if (frame.byteLength <= CHUNK_HEADER_BYTES) {
    return `wanted a header of ${CHUNK_HEADER_BYTES} bytes and at least one byte, ` +
      `got ${frame.byteLength} bytes`;
  }
  const header = new DataView(frame, 0, CHUNK_HEADER_BYTES);
  const zero = header.getUint32(ZERO_AT, true);
  if (zero !== 0) return `wanted zero in bytes 4 to 7 of its header, got ${zero}`;
  return {
    id: header.getUint32(ID_AT, true),
    offset: Number(header.getBigUint64(OFFSET_AT, true)),
    bytes: new Uint8Array(frame, CHUNK_HEADER_BYTES),
  };
}

/**
 * Puts a frame together: one copy, out of shared memory, which sockets refuse to send from.
 *
 * @param into Where it is written to, from the start on; memory of its own by default
 */
export function encodeChunk(
  id: number,
  offset: number,
  bytes: Uint8Array<ArrayBufferLike>,
  into = new ArrayBuffer(CHUNK_HEADER_BYTES + bytes.byteLength),
): Uint8Array<ArrayBuffer> {
  const header = new DataView(into, 0, CHUNK_HEADER_BYTES);
  header.setUint32(ID_AT, id, true);
  header.setUint32(ZERO_AT, 0, true);
  header.setBigUint64(OFFSET_AT, BigInt(offset), true);
  const frame = new Uint8Array(into, 0, CHUNK_HEADER_BYTES + bytes.byteLength);
  frame.set(bytes, CHUNK_HEADER_BYTES);
  return frame;
}
