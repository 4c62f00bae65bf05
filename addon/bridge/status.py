"""What a client tells about itself."""

from collections import deque
from collections.abc import Callable
from typing import Any

from .discovery import ServerAddress
from .errors import OutboardError
from .link import Greeting, Link
from .pumped_time import PumpedTime
from .request import Request
from .search import Search
from .state import State

OFF_TEXT = "Not connected; press Connect"

_NOBODY = Greeting(None, None, None, {})


class Status:
    """The part of a client that can be looked at; `Client` keeps it up to date.

    Attributes
    ----------
    state : State
    """

    def __init__(self, find: Callable[[], list[ServerAddress]], clock: Callable[[], float]) -> None:
        self.state = State.OFF
        self._text = OFF_TEXT
        self._clock = clock
        self._pumped = PumpedTime(clock)
        self._search = Search(find)
        self._link: Link | None = None
        # A connection that says goodbye and waits for the server to do the same.
        self._leaving: Link | None = None
        # Requests made without a connection, to be failed by the next pump.
        self._stranded: deque[tuple[Request, OutboardError]] = deque()
        self._heard_at = clock()
        # Over all connections before this one.
        self._bytes_sent = self._bytes_received = 0

    @property
    def line(self) -> str:
        """One plain line: what is going on, and what to do next."""
        if self.state is not State.WAITING:
            return self._text
        seconds = round(self._search.retry_at - self._pumped.now)
        return f"{self._text}; trying again" + (f" in {seconds} s" if seconds > 0 else "")

    @property
    def server_version(self) -> str | None:
        """The version of the server that it is connected to."""
        return self._greeting.version

    @property
    def threads(self) -> int | None:
        """How many threads the server computes on."""
        return self._greeting.threads

    @property
    def session(self) -> str | None:
        """The server's name for the conversation."""
        return self._greeting.session

    @property
    def limits(self) -> dict[str, Any]:
        """What the server accepts; see docs/protocol.md."""
        return self._greeting.limits

    @property
    def catalogue_revision(self) -> str | None:
        """The revision of the server's catalogue, as last heard."""
        session = self._link.session if self._link is not None else None
        return None if session is None else session.revision

    @property
    def last_answer_age(self) -> float | None:
        """Seconds since the last byte from the server, or None without a connection."""
        return self._clock() - self._heard_at if self.state is State.CONNECTED else None

    @property
    def bytes_sent(self) -> int:
        """Bytes sent over all connections."""
        return self._bytes_sent + (self._link.connection.bytes_sent if self._link else 0)

    @property
    def bytes_received(self) -> int:
        """Bytes received over all connections."""
        return self._bytes_received + (self._link.connection.bytes_received if self._link else 0)

    @property
    def busy(self) -> bool:
        """Whether `pump` should be called often: bytes or answers are on their way."""
        link = self._link
        in_flight = link is not None and (
            link.connection.wants_write or (link.session is not None and link.session.busy)
        )
        return bool(in_flight or self.state is State.CONNECTING or self._stranded or self._leaving)

    @property
    def _greeting(self) -> Greeting:
        return (self._link.greeting if self._link is not None else None) or _NOBODY
