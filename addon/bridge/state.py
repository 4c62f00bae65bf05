"""What a client is doing, in one word."""

from enum import Enum


class State(Enum):
    """The states of a client."""

    # Nobody wants a connection.
    OFF = "off"
    # There is no server to be found; looked for about once a second.
    SEARCHING = "searching"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    # An attempt failed; the next one comes by itself.
    WAITING = "waiting"
    # Trying again is pointless until the user, or the server, changes something.
    REFUSED = "refused"
