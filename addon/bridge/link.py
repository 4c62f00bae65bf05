"""One attempt at one server and, if it comes to that, the conversation with it."""

import logging
import time
from pathlib import Path
from typing import Any, NamedTuple

from . import failure
from .endpoint import Endpoint
from .errors import OutboardError
from .failure import Failure
from .incoming import ProtocolViolation
from .lane_offer import open_lane, read_nonce
from .phase import Phase
from .pumped_time import PumpedTime
from .request import Request
from .session import Finish, Guard, Session

PROTOCOL_VERSION = 1

ANSWER_WITHIN = 5.0
GOODBYE_WITHIN = 1.0
# Steps in one go while saying goodbye; whatever still comes is thrown away.
_GOODBYE_STEPS = 8

_NORMAL, _PROTOCOL_ERROR = 1000, 1002


class Greeting(NamedTuple):
    """What the server said of itself."""

    version: str | None
    threads: int | None
    session: str | None
    limits: dict[str, Any]


class Link:
    """A connection with its session, from the first packet to the last.

    Parameters
    ----------
    endpoint : Endpoint
    token : str
    identity : dict
        Name and version of this client.
    pumped : PumpedTime
    finish, guard : callable
        As for `Session`.
    logger : logging.Logger

    Attributes
    ----------
    greeting : Greeting or None
        Once the server has answered hello: only then there is a connection.
    failure : Failure or None
        Once it has ended by itself.
    connection : Connection
    session : Session or None
    """

    def __init__(
        self,
        endpoint: Endpoint,
        token: str,
        identity: dict[str, str],
        *,
        pumped: PumpedTime,
        finish: Finish,
        guard: Guard,
        logger: logging.Logger,
    ) -> None:
        # It brings in the WebSocket library, which takes longer to import than all of ours.
        from .connection import Connection  # noqa: PLC0415

        self.greeting: Greeting | None = None
        self.failure: Failure | None = None
        self.connection = Connection(endpoint, token, logger)
        self.session: Session | None = None
        self._identity = identity
        self._pumped = pumped
        self._finish = finish
        self._guard = guard
        self._logger = logger
        self._phase, self._since = Phase.CONNECTING, pumped.now
        self._left = False

    @property
    def age(self) -> float:
        """Seconds since the last step towards a connection, or since there is one."""
        return self._pumped.now - self._since

    def work(self, deadline: float) -> bool:
        """Send, receive and handle until there is nothing to do or the time is over.

        What has begun is finished: no step begins that would end too late if it took as long as
        the longest one before it.

        Returns
        -------
        bool
            Whether there is more to do at once.
        """
        connection = self.connection
        moved, longest, now = True, 0.0, time.perf_counter()
        while moved and not self._left:
            began = now
            moved = connection.step()
            if self.session is not None:
                moved = self.session.transfer() or moved
            if connection.phase is not self._phase:
                self._enter(connection.phase)
            while connection.messages and not self._left:
                moved = True
                self._handle(connection.messages.popleft())
                if time.perf_counter() > deadline:
                    break
            now = time.perf_counter()
            longest = max(longest, now - began)
            if now + longest > deadline:
                break
        if not self._left:
            self._watch()
        return moved and self.failure is None

    def leave(self, error: OutboardError) -> None:
        """Fail what waits for an answer and begin to say goodbye."""
        self._left = True
        if self.session is not None:
            self.session.end(error)
        self.connection.close(_NORMAL, "")
        self._since = self._pumped.now

    def has_left(self) -> bool:
        """Go on saying goodbye; True when the socket is closed."""
        for _ in range(_GOODBYE_STEPS):
            if not self.connection.step():
                break
            self.connection.messages.clear()
        if self.age > GOODBYE_WITHIN:
            self.connection.abort()
        return self.connection.phase is Phase.CLOSED

    def drop(self) -> None:
        """Close the socket now, with a word of goodbye if there is room for it."""
        self._left = True
        if self.session is not None:
            self.session.lane.close()
        self.connection.close(_NORMAL, "")
        self.connection.abort()

    def _handle(self, message: str | bytes | bytearray) -> None:
        if self.session is None:
            return
        try:
            self.session.handle(message)
        except ProtocolViolation as violation:
            self._logger.error("The server broke the protocol: %s", violation)
            self._refuse(failure.garbage(self.connection.endpoint.label), _PROTOCOL_ERROR)

    def _refuse(self, why: Failure, code: int = _NORMAL) -> None:
        self.connection.close(code, "")
        self.connection.abort(why)

    def _enter(self, phase: Phase) -> None:
        self._phase, self._since = phase, self._pumped.now
        if phase is Phase.OPEN:
            self.session = Session(
                self.connection, self._finish, self._guard, self._logger, self._pumped.now
            )
            params = {"protocol": PROTOCOL_VERSION, "client": self._identity}
            hello = Request("session.hello", params, self._greet, lambda: self._pumped.now)
            self.session.send(hello)

    def _greet(self, result: Any, error: OutboardError | None) -> None:
        if self._left or self.connection.phase is not Phase.OPEN:
            return
        label = self.connection.endpoint.label
        if error is not None and error.code == "UNSUPPORTED_VERSION":
            self._refuse(failure.unsupported(label, error.message))
        elif error is not None or result.get("protocol") != PROTOCOL_VERSION:
            self._refuse(failure.no_outboard(label))
        else:
            server, limits, catalogue = (result.get(k) for k in ("server", "limits", "catalogue"))
            greeting = Greeting(
                str(server.get("version")) if isinstance(server, dict) else None,
                result.get("threads"),
                result.get("session"),
                limits if isinstance(limits, dict) else {},
            )
            self.session.obey(greeting.limits)
            self.session.revision = (
                catalogue.get("revision") if isinstance(catalogue, dict) else None
            )
            self._ask_for_lane(result.get("lane"), greeting)

    def _ask_for_lane(self, offer: Any, greeting: Greeting) -> None:
        """Have the lane before the first job, if this side sees the folder; connected is both."""

        def settle(granted: Any, error: OutboardError | None) -> None:
            if error is None and not self._left:
                self.session.lane.lane = open_lane(folder, granted)
            self.greeting, self._since = greeting, self._pumped.now

        named = offer.get("folder") if isinstance(offer, dict) else None
        folder = Path(named) if isinstance(named, str) else Path()
        nonce = read_nonce(self.connection.endpoint.host, folder)
        if nonce is None:
            settle({}, None)
        else:
            ask = Request("session.lane", {"nonce": nonce}, settle, lambda: self._pumped.now)
            self.session.send(ask)

    def _watch(self) -> None:
        """Notice the end, and what should have happened by now."""
        label = self.connection.endpoint.label
        if self.connection.phase is Phase.CLOSED:
            self.failure = self.connection.failure or failure.lost(label)
        elif self.greeting is not None:
            self.failure = self.session.tick(self._pumped.now)
        elif self.age > ANSWER_WITHIN:
            connecting = self._phase is Phase.CONNECTING
            timed_out = TimeoutError("no answer")
            self.failure = (
                failure.unreachable(label, timed_out) if connecting else failure.silent(label)
            )
        if self.failure is not None:
            self._left = True
            self.connection.abort(self.failure)
            if self.session is not None:
                self.session.end(OutboardError("CONNECTION_LOST", self.failure.text))
