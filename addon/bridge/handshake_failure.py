"""Why a server refused the WebSocket handshake, in words for the user."""

import json

from websockets.exceptions import InvalidHandshake, InvalidMessage, InvalidStatus

from . import failure
from .failure import Failure

_HTTP_UNAUTHORIZED = 401
_HTTP_FORBIDDEN = 403
_HTTP_BAD_REQUEST = 400
_HTTP_UNAVAILABLE = 503
_MAX_RETRY_AFTER = 30.0


def handshake_failure(label: str, error: BaseException) -> Failure:
    """The WebSocket handshake failed."""
    if isinstance(error, InvalidMessage) and isinstance(error.__cause__, EOFError):
        return failure.lost(label)
    if not isinstance(error, InvalidStatus):
        is_http = isinstance(error, InvalidHandshake)
        return failure.no_outboard(label) if is_http else failure.garbage(label)
    response = error.response
    message = _outboard_message(response.body)
    if message is None:
        return failure.no_outboard(label)
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
