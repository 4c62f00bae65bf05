"""Every way a request can fail, in one table: the mirror of the server's workers/errors.ts."""

from typing import Any, NamedTuple


class ErrorKind(NamedTuple):
    """What is known about an error by its name.

    Attributes
    ----------
    number : int or None
        The JSON-RPC code on the wire; None for what only this side can see.
    retry : bool
        Whether asking again, unchanged, may help.
    """

    number: int | None
    retry: bool


ERRORS: dict[str, ErrorKind] = {
    "PARSE_ERROR": ErrorKind(-32700, retry=False),
    "INVALID_REQUEST": ErrorKind(-32600, retry=False),
    "METHOD_NOT_FOUND": ErrorKind(-32601, retry=False),
    "INVALID_PARAMS": ErrorKind(-32602, retry=False),
    "INTERNAL": ErrorKind(-32603, retry=False),
    "UNKNOWN_OPERATION": ErrorKind(-32001, retry=False),
    "UNSUPPORTED_VERSION": ErrorKind(-32002, retry=False),
    "INVALID_ARRAY": ErrorKind(-32003, retry=False),
    "INVALID_DTYPE": ErrorKind(-32004, retry=False),
    "INVALID_SHAPE": ErrorKind(-32005, retry=False),
    "INVALID_VALUE": ErrorKind(-32006, retry=False),
    "BAD_CHUNK": ErrorKind(-32007, retry=False),
    "UNKNOWN_ARRAY": ErrorKind(-32008, retry=False),
    "ARRAY_INCOMPLETE": ErrorKind(-32009, retry=True),
    "TOO_LARGE": ErrorKind(-32010, retry=False),
    "BUSY": ErrorKind(-32011, retry=True),
    "CANCELLED": ErrorKind(-32012, retry=False),
    "TIMEOUT": ErrorKind(-32013, retry=True),
    "DUPLICATE_JOB": ErrorKind(-32014, retry=False),
    "OPERATION_FAILED": ErrorKind(-32015, retry=False),
    "THREAD_DIED": ErrorKind(-32016, retry=True),
    "NOT_PERMITTED": ErrorKind(-32017, retry=False),
    "LANE_FAILED": ErrorKind(-32018, retry=False),
    # Only this side can tell that the answer will never come.
    "CONNECTION_LOST": ErrorKind(None, retry=True),
}

_NAMES = {kind.number: name for name, kind in ERRORS.items() if kind.number is not None}


class OutboardError(Exception):
    """A request that failed; the only exception that the bridge raises or hands on.

    Parameters
    ----------
    code : str
        The name in `ERRORS`; a newer server may send one that is not in it.
    message : str
        One sentence for the user.
    data : dict, optional
        What the server tells beyond the message: `issues`, `retryAfterMs`.
    """

    def __init__(self, code: str, message: str, data: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data: dict[str, Any] = data or {}

    @property
    def retry(self) -> bool:
        """Whether asking again, unchanged, may help."""
        kind = ERRORS.get(self.code)
        return kind is not None and kind.retry

    @classmethod
    def from_wire(cls, error: Any) -> "OutboardError":
        """Read a JSON-RPC error object, however little of it is there."""
        error = error if isinstance(error, dict) else {}
        data = error.get("data") if isinstance(error.get("data"), dict) else {}
        name = data.get("code")
        if not isinstance(name, str):
            number = error.get("code")
            name = _NAMES.get(number, "INTERNAL") if isinstance(number, int) else "INTERNAL"
        message = error.get("message")
        if not isinstance(message, str) or not message:
            message = f"The server answered with {name} and no explanation"
        return cls(name, message, data)
