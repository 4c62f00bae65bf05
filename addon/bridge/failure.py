"""Why there is no connection, in words for the user: what is wrong, and what to do next."""

from typing import NamedTuple

START = "start it with `deno task serve`"
NO_SERVER = "No Outboard server found; start one with `deno task serve`"

_CLOSE_GOING_AWAY = 1001
_CLOSE_TOO_BIG = 1009


class Failure(NamedTuple):
    """The end of a connection, or of the attempt at one.

    Attributes
    ----------
    text : str
        One plain line.
    needs_user : bool
        Whether trying again by itself is pointless.
    retry_after : float
        Seconds that the server asked to be left alone.
    """

    text: str
    needs_user: bool = False
    retry_after: float = 0.0


def unreachable(label: str, error: OSError) -> Failure:
    """No TCP connection came about."""
    if isinstance(error, ConnectionRefusedError):
        return Failure(f"No server is listening at {label}; {START}")
    reason = (error.strerror or str(error) or type(error).__name__).lower()
    return Failure(f"{label} cannot be reached ({reason}); check the address and the network")


def silent(label: str) -> Failure:
    """The peer accepted and then said nothing."""
    return Failure(
        f"The server at {label} accepted the connection but does not answer; restart the server"
    )


def no_outboard(label: str) -> Failure:
    """Something answers, but not as an Outboard server would."""
    return Failure(
        f"What answers at {label} is no Outboard server; check the address", needs_user=True
    )


def lost(label: str, error: OSError | None = None) -> Failure:
    """An open connection broke."""
    reason = f" ({(error.strerror or str(error)).lower()})" if error is not None else ""
    return Failure(f"The connection to {label} broke{reason}")


def no_longer_answers(label: str) -> Failure:
    """Nothing came for too long while an answer was due."""
    return Failure(f"The server at {label} no longer answers; restart it if this lasts")


def garbage(label: str) -> Failure:
    """The peer broke the protocol."""
    return Failure(
        f"The server at {label} sent what cannot be understood; "
        "see that server and extension have the same version"
    )


def unsupported(label: str, message: str) -> Failure:
    """Protocol versions do not fit; the server's sentence names both and the fix."""
    return Failure(f"The server at {label} does not fit: {message}", needs_user=True)


def closed(label: str, code: int, reason: str) -> Failure:
    """The server closed an open connection in an orderly way."""
    if code == _CLOSE_GOING_AWAY:
        return Failure(f"The server at {label} shut down; {START}")
    if code == _CLOSE_TOO_BIG:
        return Failure(
            f"The server at {label} closed the connection because a message was too big; "
            "send less at once or raise the server's limits"
        )
    said = f": {reason}" if reason else f" (code {code})"
    return Failure(f"The server at {label} closed the connection{said}")
