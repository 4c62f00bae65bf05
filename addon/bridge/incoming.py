"""Arrays on their way in: declared by a text frame, filled by chunks in any order."""

import math
from bisect import bisect_left
from typing import Any

import numpy as np

from .errors import OutboardError
from .frame import CHUNK_HEADER

DTYPES: dict[str, np.dtype] = {
    name: np.dtype(name).newbyteorder("<")
    for name in ("float32", "float64", "int32", "uint32", "uint8")
}

MAX_DIMENSIONS = 8
MAX_ID = 2**32 - 1


class ProtocolViolation(Exception):  # noqa: N818 - reads as what happened, and is never shown
    """The server sent what the protocol does not allow; the connection cannot go on."""


class IncomingArray:
    """One array being received.

    Parameters
    ----------
    dtype : np.dtype
    shape : tuple of int
    keep : bool
        False for an array that nobody wants: its chunks are counted and forgotten.
    """

    def __init__(self, dtype: np.dtype, shape: tuple[int, ...], *, keep: bool = True) -> None:
        self.nbytes = math.prod(shape) * dtype.itemsize
        self.array = np.empty(shape, dtype) if keep else None
        self._bytes = self.array.reshape(-1).view(np.uint8) if self.array is not None else None
        self._missing = self.nbytes
        # Ends and starts of the stretches that have come, in order, none touching the next.
        self._stretches: list[list[int]] = []

    @property
    def complete(self) -> bool:
        """Whether every byte has come."""
        return self._missing == 0

    def forget(self) -> None:
        """Let the memory go; further chunks are counted only."""
        self.array = self._bytes = None

    def fill(self) -> None:
        """Note that every byte has been read into `array`."""
        self._missing = 0

    def write(self, offset: int, data: memoryview) -> None:
        """Put a chunk in its place.

        Raises
        ------
        ProtocolViolation
            If the chunk lies beyond the end or over bytes that already came.
        """
        end = offset + len(data)
        if not data or end > self.nbytes:
            raise ProtocolViolation(f"a chunk at {offset} to {end} of {self.nbytes} bytes")
        self._note(offset, end)
        if self._bytes is not None:
            self._bytes[offset:end] = np.frombuffer(data, np.uint8)
        self._missing -= len(data)

    def _note(self, start: int, end: int) -> None:
        stretches = self._stretches
        at = bisect_left(stretches, [start, start])
        if (at and stretches[at - 1][1] > start) or (
            at < len(stretches) and stretches[at][0] < end
        ):
            raise ProtocolViolation(f"bytes {start} to {end} of an array came twice")
        if at and stretches[at - 1][1] == start:
            at -= 1
            stretches[at][1] = end
        else:
            stretches.insert(at, [start, end])
        if at + 1 < len(stretches) and stretches[at + 1][0] == end:
            stretches[at][1] = stretches.pop(at + 1)[1]


def split_chunk(frame: bytes | bytearray | memoryview) -> tuple[int, int, memoryview]:
    """Take a binary frame apart into array id, byte offset and bytes."""
    if len(frame) < CHUNK_HEADER.size:
        raise ProtocolViolation(f"a binary frame of {len(frame)} bytes")
    array_id, zero, offset = CHUNK_HEADER.unpack_from(frame)
    if zero != 0:
        raise ProtocolViolation("a binary frame whose second word is not zero")
    return array_id, offset, memoryview(frame)[CHUNK_HEADER.size :]


def read_declaration(value: Any) -> tuple[int, np.dtype, tuple[int, ...]]:
    """Read `{"$array": {"id", "dtype", "shape"}}`.

    Raises
    ------
    ProtocolViolation
        If it is no declaration: without one the chunks that follow cannot be told apart.
    """
    fields = value.get("$array") if isinstance(value, dict) else None
    if not isinstance(fields, dict):
        raise ProtocolViolation(f"an output that is no array: {str(value)[:80]}")
    array_id, shape = fields.get("id"), fields.get("shape")
    dtype = DTYPES.get(fields.get("dtype")) if isinstance(fields.get("dtype"), str) else None
    sizes_fit = (
        isinstance(shape, list)
        and len(shape) <= MAX_DIMENSIONS
        and all(type(size) is int and size >= 0 for size in shape)
    )
    if dtype is None or not sizes_fit or type(array_id) is not int or not 0 <= array_id <= MAX_ID:
        raise ProtocolViolation(f"a declaration that cannot be read: {str(fields)[:120]}")
    return array_id, dtype, tuple(shape)


def read_place(value: dict[str, Any]) -> tuple[int, int] | None:
    """Read in which slot, and where in it, a declared array lies; None if its bytes follow.

    Raises
    ------
    ProtocolViolation
        If it cannot be told.
    """
    lane = value["$array"].get("lane")
    if lane is None:
        return None
    slot, offset = (
        (lane.get("slot"), lane.get("offset")) if isinstance(lane, dict) else (None, None)
    )
    if type(slot) is not int or type(offset) is not int or offset < 0:
        raise ProtocolViolation(f"a place in the lane that cannot be read: {str(lane)[:80]}")
    return slot, offset


def check_sizes(sizes: list[int], limits: dict[str, Any]) -> None:
    """Hold declared sizes against what the server itself said to be its limits.

    Raises
    ------
    OutboardError
        TOO_LARGE, before a byte is allocated.
    """
    for size, key in [(max(sizes, default=0), "maxArrayBytes"), (sum(sizes), "maxSessionBytes")]:
        most = limits.get(key)
        if isinstance(most, int) and size > most:
            raise OutboardError(
                "TOO_LARGE", f"The server answered with {size} bytes, more than its limit of {most}"
            )
