"""Builds the frames that go out: WebSocket header, our chunk header and masking, in one pass."""

import secrets
import struct

import numpy as np

# Before every chunk: array id, zero, byte offset.
CHUNK_HEADER = struct.Struct("<IIQ")

# Longest WebSocket header (2 + 8 + 4 bytes of mask), and room to align what follows.
_HEAD_ROOM = 14 + 8

_FIN = 0x80
_MASKED = 0x80
_LENGTH_16 = 126
_LENGTH_64 = 127


def frame_header(opcode: int, length: int, key: bytes, *, fin: bool = True) -> bytes:
    """Return the header of a masked WebSocket frame (RFC 6455, 5.2)."""
    first = (_FIN if fin else 0) | opcode
    if length < _LENGTH_16:
        return struct.pack("!BB", first, _MASKED | length) + key
    if length < 1 << 16:
        return struct.pack("!BBH", first, _MASKED | _LENGTH_16, length) + key
    return struct.pack("!BBQ", first, _MASKED | _LENGTH_64, length) + key


def mask_into(target: np.ndarray, source: np.ndarray, key: bytes) -> None:
    """Write `source` XOR the repeated key to `target`; both one-dimensional uint8, equally long."""
    words = len(source) & ~7
    if words:
        np.bitwise_xor(
            source[:words].view(np.uint64),
            np.frombuffer(key + key, np.uint64)[0],
            out=target[:words].view(np.uint64),
        )
    if words < len(source):
        rest = np.frombuffer(key + key, np.uint8)[: len(source) - words]
        np.bitwise_xor(source[words:], rest, out=target[words:])


def encode_frame(
    opcode: int, payload: bytes | bytearray | memoryview, *, fin: bool = True, key: bytes = b""
) -> bytes:
    """Return a whole masked frame for a small payload, such as text.

    Parameters
    ----------
    opcode : int
    payload : bytes-like
    fin : bool
    key : bytes
        The mask, four bytes; drawn at random, as the standard demands, unless given by a test.
    """
    key = key or secrets.token_bytes(4)
    header = frame_header(opcode, len(payload), key, fin=fin)
    frame = np.empty(len(header) + len(payload), np.uint8)
    frame[: len(header)] = np.frombuffer(header, np.uint8)
    mask_into(frame[len(header) :], np.frombuffer(payload, np.uint8), key)
    return frame.tobytes()


class ChunkEncoder:
    """Builds the frames of array chunks in one buffer that is used again and again.

    Parameters
    ----------
    max_bytes : int
        The most array bytes in one chunk.
    """

    def __init__(self, max_bytes: int) -> None:
        self._buffer = np.empty(_HEAD_ROOM + CHUNK_HEADER.size + max_bytes, np.uint8)

    def encode(
        self, array_id: int, offset: int, data: np.ndarray, *, key: bytes = b""
    ) -> memoryview:
        """Return the frame of one chunk. It is valid until the next call.

        Parameters
        ----------
        array_id : int
        offset : int
            Where in the array the chunk begins, in bytes.
        data : np.ndarray
            One-dimensional uint8: the array's own memory, not a copy.
        key : bytes
            The mask; drawn at random unless given by a test.
        """
        key = key or secrets.token_bytes(4)
        length = CHUNK_HEADER.size + len(data)
        header = frame_header(2, length, key)
        # The array's bytes shall start on a multiple of eight, where XOR is fastest.
        start = -(len(header) + CHUNK_HEADER.size) % 8
        body = start + len(header)
        data_at = body + CHUNK_HEADER.size
        end = data_at + len(data)
        self._buffer[start:body] = np.frombuffer(header, np.uint8)
        chunk_header = np.frombuffer(CHUNK_HEADER.pack(array_id, 0, offset), np.uint8)
        mask_into(self._buffer[body:data_at], chunk_header, key)
        mask_into(self._buffer[data_at:end], data, key)
        return memoryview(self._buffer[start:end])
