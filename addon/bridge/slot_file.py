"""A file of the same-host lane: bytes of arrays, written and read without a copy."""

import contextlib
import os
import stat
from pathlib import Path

from .errors import OutboardError


class SlotFile:
    """One slot, open for as long as this side uses it.

    Plain reads and writes, never a memory map: where the disk is full or the file is cut short,
    they give an error, while a map ends the process.

    Parameters
    ----------
    path : Path
        An existing file; none is made.

    Raises
    ------
    OutboardError
        LANE_FAILED if it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("r+b", buffering=0)
        except OSError as error:
            raise _failure("opened", error) from error

    def write(self, offset: int, data: memoryview) -> None:
        """Write all of `data` from a byte offset on.

        Raises
        ------
        OutboardError
            LANE_FAILED if the disk is full or the file cannot be written.
        """
        try:
            self._file.seek(offset)
            while data:
                data = data[self._file.write(data) :]
        except OSError as error:
            raise _failure("written", error) from error

    def read_into(self, offset: int, target: memoryview) -> None:
        """Fill all of `target` from a byte offset on.

        Raises
        ------
        OutboardError
            LANE_FAILED if the file ends before that or cannot be read.
        """
        try:
            self._file.seek(offset)
            while target:
                count = self._file.readinto(target)
                if not count:
                    raise OutboardError("LANE_FAILED", "A shared file is shorter than it should be")
                target = target[count:]
        except OSError as error:
            raise _failure("read", error) from error

    def close(self) -> None:
        """Close it."""
        with contextlib.suppress(OSError):
            self._file.close()


def is_private(path: Path) -> bool:
    """Tell whether a file or folder is this user's and closed to all others, or True on Windows."""
    try:
        status = path.lstat()
    except OSError:
        return False
    if os.name != "posix":
        return True
    return status.st_uid == os.geteuid() and not stat.S_IMODE(status.st_mode) & 0o077


def _failure(what: str, error: OSError) -> OutboardError:
    reason = (error.strerror or str(error)).lower()
    return OutboardError("LANE_FAILED", f"A shared file cannot be {what} ({reason})")
