"""The same-host lane: arrays go through files that server and client share, a piece at a time."""

from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from .errors import OutboardError
from .slot_file import SlotFile

# A smaller array is sent faster than written and read.
LANE_FROM_BYTES = 1 << 16
# What is moved between two looks at the clock: a millisecond where the disk is slow.
PIECE_BYTES = 1 << 20
# Arrays begin at multiples of this, in bytes.
_ALIGNMENT = 64

Done = Callable[[], None]
Failed = Callable[[OutboardError], None]


class Stretch(NamedTuple):
    """The bytes of one array, and where in the slot they belong."""

    data: memoryview
    offset: int


class _Transfer(NamedTuple):
    slot: int
    pieces: Iterator[Stretch]
    move: Callable[[int, memoryview], None]
    done: Done
    failed: Failed


class Lane:
    """The slots that a session has been given, and what is on its way through them.

    Parameters
    ----------
    folder : Path
        The server's own; the client never makes a file in it.
    slots : list of int
    slot_bytes : int
        The size up to which a slot may be used.

    Raises
    ------
    OutboardError
        LANE_FAILED if a slot cannot be opened.

    Attributes
    ----------
    usable : bool
        False once something went wrong with a file: then nothing more is put into them.
    """

    def __init__(self, folder: Path, slots: list[int], slot_bytes: int) -> None:
        self.usable = True
        self.slot_bytes = slot_bytes
        self._folder = folder
        self._files: dict[int, SlotFile] = {}
        # The one used last comes first again: its pages are the most likely to be in memory.
        self._free: list[int] = []
        self._transfers: deque[_Transfer] = deque()
        try:
            for slot in slots:
                self._open(slot)
        except OutboardError:
            self.close()
            raise

    def claim(self) -> int | None:
        """Take a free slot, if there is one."""
        return self._free.pop() if self.usable and self._free else None

    def release(self, slot: int) -> None:
        """Give a slot back, whatever was still on its way through it."""
        self._drop(slot)
        if slot in self._files:
            self._free.append(slot)

    def renew(self, slot: int, fresh: int | None) -> None:
        """Put a fresh slot in the place of one that the server's threads may still write."""
        self._drop(slot)
        file = self._files.pop(slot, None)
        if file is None:
            return
        file.close()
        self._free = [each for each in self._free if each != slot]
        if fresh is None:
            return
        try:
            self._open(fresh)
        except OutboardError:
            self.usable = False

    def place(self, sizes: dict[str, int]) -> tuple[dict[str, int], int]:
        """Find places in a slot for arrays that are worth it.

        Parameters
        ----------
        sizes : dict of str to int
            Bytes by name.

        Returns
        -------
        tuple of dict and int
            Byte offsets by name, and where the room for outputs begins.
        """
        places: dict[str, int] = {}
        at = 0
        for name, size in sizes.items():
            if size >= LANE_FROM_BYTES and at + size <= self.slot_bytes:
                places[name] = at
                at += -(-size // _ALIGNMENT) * _ALIGNMENT
        return places, min(at, self.slot_bytes)

    def write(self, slot: int, stretches: list[Stretch], done: Done, failed: Failed) -> None:
        """Write arrays into a slot, by later steps; then one of the two is called."""
        self._begin(_Transfer(slot, _cut(stretches), self._files[slot].write, done, failed))

    def read(self, slot: int, stretches: list[Stretch], done: Done, failed: Failed) -> None:
        """Fill arrays from a slot, by later steps; then one of the two is called."""
        self._begin(_Transfer(slot, _cut(stretches), self._files[slot].read_into, done, failed))

    def step(self) -> bool:
        """Move one piece of the next array in turn.

        Returns
        -------
        bool
            Whether there was anything to do.
        """
        if not self._transfers:
            return False
        transfer = self._transfers.popleft()
        try:
            piece = next(transfer.pieces, None)
            if piece is not None:
                transfer.move(piece.offset, piece.data)
        except OutboardError as error:
            self.usable = False
            transfer.failed(error)
            return True
        if piece is None:
            transfer.done()
        else:
            self._transfers.append(transfer)
        return True

    def close(self) -> None:
        """Let go of the files."""
        self.usable = False
        self._transfers.clear()
        self._free.clear()
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _open(self, slot: int) -> None:
        self._files[slot] = SlotFile(self._folder / f"slot-{slot}")
        self._free.append(slot)

    def _begin(self, transfer: _Transfer) -> None:
        self._transfers.append(transfer)

    def _drop(self, slot: int) -> None:
        self._transfers = deque(each for each in self._transfers if each.slot != slot)


def _cut(stretches: list[Stretch]) -> Iterator[Stretch]:
    for stretch in stretches:
        for at in range(0, len(stretch.data), PIECE_BYTES):
            yield Stretch(stretch.data[at : at + PIECE_BYTES], stretch.offset + at)
