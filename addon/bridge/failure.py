"""Why there is no connection, in words for the user: what is wrong, and what to do next."""

import json
from dataclasses import dataclass

from websockets.exceptions import InvalidHandshake, InvalidMessage, InvalidStatus

START = "start it with `deno task serve`"
NO_SERVER = "No Outboard server found; start one with `deno task serve`"

_HTTP_UNAUTHORIZED = 401
_HTTP_FORBIDDEN = 403
_HTTP_BAD_REQUEST = 400
_HTTP_UNAVAILABLE = 503
_MAX_RETRY_AFTER = 30.0

_CLOSE_GOING_AWAY = 1001
_CLOSE_TOO_BIG = 1009


@dataclass(frozen=True)
class Failure:
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


def refused(label: str, error: BaseException) -> Failure:
    """The WebSocket handshake failed."""
    if isinstance(error, InvalidMessage) and isinstance(error.__cause__, EOFError):
        return lost(label)
    if not isinstance(error, InvalidStatus):
        return no_outboard(label) if isinstance(error, InvalidHandshake) else garbage(label)
    response = error.response
    message = _outboard_message(response.body)
    if message is None:
        return no_outboard(label)
    status = response.status_code
    if status == _HTTP_UNAUTHORIZED:
        return Failure(
            f"The server at {label} refused the token; "
            "copy the one that it printed at its start into the preferences",
            needs_user=True,
        )
    if status == _HTTP_UNAVAILABLE:
        wait = _retry_after(response.headers.get("Retry-After"))
        return Failure(f"The server at {label} is busy: {message}", retry_after=wait)
    if status in (_HTTP_BAD_REQUEST, _HTTP_FORBIDDEN):
        return Failure(
            f"The server at {label} refused the connection: {message}; "
            "check the address in the preferences",
            needs_user=True,
        )
    return Failure(f"The server at {label} refused the connection: {message}", needs_user=True)


def _outboard_message(body: bytes | bytearray) -> str | None:
    """Return the message of our own JSON refusal, or None for anybody else's answer."""
    try:
        error = json.loads(bytes(body))["error"]
        message = error["message"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(message, str) or not isinstance(error.get("code"), str):
        return None
    # The server's text becomes one line of a panel, whatever it is.
    return " ".join(message.split())[:200]


def _retry_after(value: str | None) -> float:
    try:
        seconds = float(value or 0)
    except ValueError:
        return 0.0
    return min(max(seconds, 0.0), _MAX_RETRY_AFTER)
