"""How far a connection is."""

from enum import Enum, auto


class Phase(Enum):
    """How far a connection is."""

    CONNECTING = auto()
    HANDSHAKE = auto()
    OPEN = auto()
    CLOSED = auto()
