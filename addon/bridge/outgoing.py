"""Arrays on their way out: cut into chunks, several arrays in turn."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from .errors import OutboardError
from .frame import ChunkEncoder
from .incoming import DTYPES, MAX_ID

CHUNK_BYTES = 1 << 20


@dataclass
class _Upload:
    array_id: int
    # Holds the array's memory alive until its last chunk is built.
    data: np.ndarray
    offset: int = 0


def to_wire(name: str, array: np.ndarray) -> np.ndarray:
    """Return the array as the wire wants it: C order, little-endian, a known element type.

    Parameters
    ----------
    name : str
        For the error's message.
    array : np.ndarray
        Returned as it is if it fits, else copied.

    Raises
    ------
    OutboardError
        INVALID_DTYPE if the protocol has no such element type.
    """
    array = np.asarray(array)
    wanted = DTYPES.get(array.dtype.name)
    if wanted is None:
        raise OutboardError(
            "INVALID_DTYPE",
            f"The array {name!r} has elements of {array.dtype.name}; wanted {', '.join(DTYPES)}",
        )
    return np.require(array, wanted, ["C"])


class Outgoing:
    """The arrays that are being sent.

    Parameters
    ----------
    chunk_bytes : int
        The most array bytes in one frame.
    """

    def __init__(self, chunk_bytes: int = CHUNK_BYTES) -> None:
        self._chunk_bytes = chunk_bytes
        self._encoder: ChunkEncoder | None = None
        self._uploads: deque[_Upload] = deque()
        self._last_id = 0

    def __bool__(self) -> bool:
        return bool(self._uploads)

    @property
    def waiting_bytes(self) -> int:
        """How many array bytes are not on their way yet."""
        return sum(upload.data.size - upload.offset for upload in self._uploads)

    def limit_chunks(self, chunk_bytes: int) -> None:
        """Use smaller chunks from now on, if the server accepts no larger ones."""
        self._chunk_bytes = max(8, min(CHUNK_BYTES, chunk_bytes) & ~7)

    def next_id(self) -> int:
        """Return an id that no array on its way has."""
        in_flight = {upload.array_id for upload in self._uploads}
        self._last_id = self._last_id % MAX_ID + 1
        while self._last_id in in_flight:
            self._last_id = self._last_id % MAX_ID + 1
        return self._last_id

    def add(self, array: np.ndarray) -> int:
        """Queue an array in wire form and return the id by which it must have been declared."""
        array_id = self.next_id()
        if array.size:
            self._uploads.append(_Upload(array_id, array.reshape(-1).view(np.uint8)))
        return array_id

    def drop(self, array_ids: list[int]) -> None:
        """Send no more of these arrays. A frame that has begun is still finished."""
        dropped = set(array_ids)
        self._uploads = deque(u for u in self._uploads if u.array_id not in dropped)

    def next_frame(self) -> memoryview | None:
        """Return the next chunk's frame, of the next array in turn; valid until the next call."""
        if not self._uploads:
            return None
        if self._encoder is None:
            self._encoder = ChunkEncoder(CHUNK_BYTES)
        upload = self._uploads.popleft()
        chunk = upload.data[upload.offset : upload.offset + self._chunk_bytes]
        frame = self._encoder.encode(upload.array_id, upload.offset, chunk)
        upload.offset += len(chunk)
        if upload.offset < upload.data.size:
            self._uploads.append(upload)
        return frame
