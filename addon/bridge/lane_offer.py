"""What a server offers in its hello: a folder that this side may see too."""

import ipaddress
from pathlib import Path
from typing import Any

from .errors import OutboardError
from .lane import Lane
from .slot_file import is_private

NONCE_FILE = "nonce"
# 256 bits in hexadecimal digits.
NONCE_LENGTH = 64


def read_nonce(host: str, folder: Path) -> str | None:
    """Return the text that proves that server and client see the same folder, if they do.

    Nothing is told to a server that only claims to be on this machine: the folder and the file must
    be this user's alone, and the text can be nothing but a nonce.

    Parameters
    ----------
    host : str
        Where the server listens.
    folder : Path
        As the server named it.
    """
    if not _is_loopback(host):
        return None
    file = folder / NONCE_FILE
    if not folder.is_absolute() or not is_private(folder) or not is_private(file):
        return None
    try:
        with file.open("rb") as opened:
            text = opened.read(NONCE_LENGTH + 1).decode("ascii")
    except (OSError, UnicodeDecodeError):
        return None
    digits = set("0123456789abcdef")
    return text if len(text) == NONCE_LENGTH and digits.issuperset(text) else None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def open_lane(folder: Path, granted: dict[str, Any]) -> Lane | None:
    """Open the slots that the server has given, or None if that does not work out."""
    slots, slot_bytes = granted.get("slots"), granted.get("slotBytes")
    if not isinstance(slots, list) or not all(type(slot) is int for slot in slots):
        return None
    if type(slot_bytes) is not int:
        return None
    try:
        return Lane(folder, slots, slot_bytes)
    except OutboardError:
        return None
