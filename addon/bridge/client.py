"""The client: finds a server, stays connected to it, and never waits for anything."""

import logging
import random
import time
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Any

import numpy as np

from . import failure
from .connection import Connection, Phase
from .discovery import ServerAddress, find_servers
from .endpoint import parse_endpoint
from .errors import OutboardError
from .failure import Failure
from .incoming import ProtocolViolation
from .readiness import is_ready
from .request import Job, JobResult, OnDone, OnProgress, Request
from .session import PROTOCOL_VERSION, Session

LOOK_EVERY = 1.0
ANSWER_WITHIN = 5.0
FIRST_DELAY, LONGEST_DELAY = 0.25, 10.0
# A connection that held this long was a good one: the next break starts with the shortest delay.
STEADY_AFTER = 5.0
GOODBYE_WITHIN = 1.0
# Time in which nobody pumped (a render, a laptop asleep) says nothing about the server.
LONGEST_GAP = 1.0


class State(Enum):
    """What the client is doing."""

    OFF = "off"
    SEARCHING = "searching"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    WAITING = "waiting"
    REFUSED = "refused"


class Client:
    """A client that is driven by `pump` and calls back from within it.

    Parameters
    ----------
    find : callable
        Returns the servers to try, best first; asked about once a second while there is none.
    client_version, client_name : str
        Told to the server.
    clock : callable
        Monotonic seconds.
    on_state : callable, optional
        Called with the client whenever `state` or the text of `line` has changed.
    log : logging.Logger, optional

    Attributes
    ----------
    state : State
    server_version : str or None
    threads : int or None
    limits : dict
    session : str or None
        The server's name for the conversation.
    """

    def __init__(
        self,
        find: Callable[[], list[ServerAddress]] = find_servers,
        *,
        client_version: str,
        client_name: str = "Blender extension",
        clock: Callable[[], float] = time.monotonic,
        on_state: Callable[["Client"], None] | None = None,
        log: logging.Logger | None = None,
    ) -> None:
        self.state = State.OFF
        self.server_version: str | None = None
        self.threads: int | None = None
        self.limits: dict[str, Any] = {}
        self.session: str | None = None
        self._find = find
        self._identity = {"name": client_name, "version": client_version}
        self._clock = clock
        self._on_state = on_state
        self._log = log or logging.getLogger(__name__)
        self._text = "Not connected; press Connect"
        self._connection: Connection | None = None
        self._talk: Session | None = None
        self._leaving: Connection | None = None
        self._leave_by = 0.0
        self._candidates: deque[ServerAddress] = deque()
        self._failures: list[Failure] = []
        self._tried: list[ServerAddress] | None = None
        self._tries = 0
        self._look_at = self._retry_at = 0.0
        self._phase = Phase.CLOSED
        self._phase_since = 0.0
        self._connected_at = 0.0
        self._stranded: deque[tuple[Request, OutboardError]] = deque()
        self._last_job = 0
        self._now = 0.0
        self._last_clock = clock()
        self._heard_at: float | None = None
        self._bytes_before = [0, 0]
        self._pumping = False
        self._more = False

    # What is going on.

    @property
    def line(self) -> str:
        """One plain line: what is going on, and what to do next."""
        if self.state is State.WAITING:
            seconds = round(self._retry_at - self._now)
            return f"{self._text}; trying again" + (f" in {seconds} s" if seconds > 0 else "")
        return self._text

    @property
    def catalogue_revision(self) -> str | None:
        """The revision of the server's catalogue, as last heard."""
        return None if self._talk is None else self._talk.revision

    @property
    def last_answer_age(self) -> float | None:
        """Seconds since the last byte from the server, or None without a connection."""
        if self._heard_at is None or self.state is not State.CONNECTED:
            return None
        return self._clock() - self._heard_at

    @property
    def bytes_sent(self) -> int:
        """Bytes sent over all connections."""
        now = 0 if self._connection is None else self._connection.bytes_sent
        return self._bytes_before[0] + now

    @property
    def bytes_received(self) -> int:
        """Bytes received over all connections."""
        now = 0 if self._connection is None else self._connection.bytes_received
        return self._bytes_before[1] + now

    @property
    def busy(self) -> bool:
        """Whether `pump` should be called often: bytes or answers are on their way."""
        talking = self._talk is not None and self._talk.busy
        writing = self._connection is not None and self._connection.wants_write
        return bool(
            self.state is State.CONNECTING or talking or writing or self._stranded or self._leaving
        )

    # What the user wants.

    def connect(self) -> None:
        """Connect, and stay connected; returns at once."""
        if self.state in (State.CONNECTING, State.CONNECTED):
            return
        self._tries = 0
        self._tried = None
        self._look_at = self._retry_at = self._now
        self._set_state(State.SEARCHING, "Looking for an Outboard server")

    def disconnect(self) -> None:
        """Close the connection in good order and stay away."""
        connection = self._drop(OutboardError("CONNECTION_LOST", "Disconnected"))
        if connection is not None:
            connection.close(1000, "")
            self._leaving, self._leave_by = connection, self._now + GOODBYE_WITHIN
        self._set_state(State.OFF, "Not connected; press Connect")

    def close_now(self) -> None:
        """Let go of the socket without waiting; nothing is called back any more."""
        self._on_state = None
        talk, self._talk = self._talk, None
        for request in () if talk is None else (*talk.pending.values(), *talk.jobs.values()):
            request.finish(None, OutboardError("CONNECTION_LOST", "The client was closed"))
        for request, error in self._stranded:
            request.finish(None, error)
        self._stranded.clear()
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close(1001, "")
            connection.abort()
        if self._leaving is not None:
            self._leaving.abort()
            self._leaving = None
        self.state = State.OFF
        self._text = "Not connected; press Connect"

    def request(
        self, method: str, params: dict[str, Any] | None = None, on_done: OnDone | None = None
    ) -> Request:
        """Ask the server something.

        Parameters
        ----------
        method : str
        params : dict, optional
        on_done : callable, optional
            Called exactly once, from within a later `pump`, with result and error.
        """
        request = Request(method, dict(params or {}), on_done, self._clock)
        self._submit(request)
        return request

    def run(
        self,
        operation: str,
        params: dict[str, Any] | None = None,
        inputs: dict[str, np.ndarray] | None = None,
        *,
        on_done: Callable[[JobResult | None, OutboardError | None], None] | None = None,
        on_progress: OnProgress | None = None,
    ) -> Job:
        """Run an operation.

        Parameters
        ----------
        operation : str
        params : dict, optional
        inputs : dict of str to np.ndarray, optional
            Held by reference until they are sent; not to be changed meanwhile.
        on_done : callable, optional
            Called exactly once, from within a later `pump`.
        on_progress : callable, optional
            Called with fraction and message.
        """
        self._last_job += 1
        name = f"job-{self._last_job}"
        message = {
            "operation": operation,
            "params": dict(params or {}),
            "job": name,
            "arrays": "binary",
        }
        job = Job(name, operation, message, on_done, on_progress, self._clock)
        job.inputs = dict(inputs or {})
        job.bind(self._cancel_unsent)
        self._submit(job)
        return job

    def wait(self, request: Request, timeout: float) -> bool:
        """Pump until a request is done; for scripts, tests and waits too short to notice.

        Returns
        -------
        bool
            Whether it is done.
        """
        end = time.monotonic() + timeout
        while not request.done and not self._pumping:
            more = self.pump()
            left = end - time.monotonic()
            if request.done or left <= 0:
                break
            if not more:
                self.sleep(min(left, 0.02))
        return request.done

    def sleep(self, seconds: float) -> None:
        """Wait until the socket is ready, at most so long; for callers that pump by hand."""
        connection = self._connection or self._leaving
        if connection is None or connection.fileno() < 0:
            time.sleep(seconds)
        else:
            is_ready(connection.fileno(), write=connection.wants_write, timeout=seconds)

    # The tick.

    def pump(self, budget: float = 0.008) -> bool:
        """Do what can be done now, for about `budget` seconds.

        Returns
        -------
        bool
            Whether there is more to do at once.
        """
        if self._pumping:
            return False
        self._pumping, self._more = True, False
        try:
            if not self._guard(self._tick, time.perf_counter() + budget):
                # A defect here must neither end the caller's timer nor leave half a session.
                self._broke(Failure("The extension stumbled; its log has the details"))
        finally:
            self._pumping = False
        return self._more

    def _tick(self, deadline: float) -> None:
        clock = self._clock()
        self._now += min(max(clock - self._last_clock, 0.0), LONGEST_GAP)
        self._last_clock = clock
        while self._stranded:
            self._finish(self._stranded[0][0], None, self._stranded.popleft()[1])
        self._leave()
        if self._connection is None and self.state is not State.OFF:
            self._seek()
        if self._connection is not None:
            self._drive(self._connection, deadline)

    def _drive(self, connection: Connection, deadline: float) -> None:
        moved = True
        while moved and connection is self._connection:
            received = connection.bytes_received
            moved = connection.step()
            if connection.bytes_received != received:
                self._heard_at = self._clock()
            if connection.phase is not self._phase:
                self._enter_phase(connection)
            while connection.messages and connection is self._connection:
                moved = True
                try:
                    self._talk.handle(connection.messages.popleft())
                except ProtocolViolation as violation:
                    self._log.error("Broken protocol: %s", violation)
                    connection.close(1002, "")
                    connection.abort(failure.garbage(connection.endpoint.label))
                if time.perf_counter() > deadline:
                    break
            if connection is self._connection and connection.phase is Phase.CLOSED:
                self._broke(connection.failure or failure.lost(connection.endpoint.label))
            if time.perf_counter() > deadline:
                self._more = moved
                break
        if connection is self._connection:
            self._watch(connection)

    def _watch(self, connection: Connection) -> None:
        """Notice what does not happen."""
        why: Failure | None = None
        if self.state is State.CONNECTED:
            why = self._talk.tick(self._now)
            if self._now - self._connected_at > STEADY_AFTER:
                self._tries = 0
        elif self._now - self._phase_since > ANSWER_WITHIN:
            label = connection.endpoint.label
            timed_out = TimeoutError("no answer")
            waiting = self._phase is Phase.CONNECTING
            why = failure.unreachable(label, timed_out) if waiting else failure.silent(label)
        if why is not None:
            connection.abort(why)
            self._broke(why)

    def _enter_phase(self, connection: Connection) -> None:
        self._phase, self._phase_since = connection.phase, self._now
        if connection.phase is not Phase.OPEN:
            return
        self._talk = Session(connection, self._finish, self._guard, self._log, self._now)
        hello = {"protocol": PROTOCOL_VERSION, "client": self._identity}
        self._talk.send(Request("session.hello", hello, self._greeted, self._clock))

    def _greeted(self, result: Any, error: OutboardError | None) -> None:
        connection, talk = self._connection, self._talk
        if connection is None or talk is None or (error and error.code == "CONNECTION_LOST"):
            return
        label = connection.endpoint.label
        if error is not None or result.get("protocol") != PROTOCOL_VERSION:
            why = failure.no_outboard(label)
            if error is not None and error.code == "UNSUPPORTED_VERSION":
                why = failure.unsupported(label, error.message)
            connection.close(1000, "")
            connection.abort(why)
            return
        server, limits = result.get("server"), result.get("limits")
        self.server_version = str(server.get("version")) if isinstance(server, dict) else None
        self.threads = result.get("threads")
        self.session = result.get("session")
        self.limits = talk.limits = limits if isinstance(limits, dict) else {}
        if isinstance(most := self.limits.get("maxChunkBytes"), int):
            connection.outgoing.limit_chunks(most)
        catalogue = result.get("catalogue")
        talk.revision = catalogue.get("revision") if isinstance(catalogue, dict) else None
        self._connected_at = self._now
        self._candidates.clear()
        self._set_state(State.CONNECTED, f"Connected to {label}, server {self.server_version}")

    # Coming and going.

    def _seek(self) -> None:
        due = self._now >= self._retry_at and self.state is not State.REFUSED
        if not due and self._now < self._look_at:
            return
        self._look_at = self._now + LOOK_EVERY
        servers = self._find()
        # A server that came or went is news even while waiting, or when the user is needed.
        if self.state is State.SEARCHING or due or servers != self._tried:
            self._tried = servers
            self._candidates = deque(servers)
            self._failures = []
            self._try_next()

    def _try_next(self) -> None:
        while self._candidates:
            server = self._candidates.popleft()
            try:
                endpoint = parse_endpoint(server.url)
            except ValueError as error:
                self._failures.append(Failure(str(error), needs_user=True))
                continue
            self._phase, self._phase_since = Phase.CONNECTING, self._now
            self._connection = Connection(endpoint, server.token, self._log)
            self._set_state(State.CONNECTING, f"Connecting to {endpoint.label}")
            self._more = True
            return
        self._settle()

    def _settle(self) -> None:
        """Nothing could be connected to: say why, and when the next try is."""
        if not self._failures:
            self._retry_at = self._now + LOOK_EVERY
            self._set_state(State.SEARCHING, failure.NO_SERVER)
            return
        why = next((f for f in self._failures if f.needs_user), self._failures[0])
        if why.needs_user:
            self._set_state(State.REFUSED, why.text)
            return
        delay = min(FIRST_DELAY * 2**self._tries, LONGEST_DELAY) * random.uniform(0.8, 1.2)
        self._tries = min(self._tries + 1, 16)
        self._retry_at = self._now + max(delay, why.retry_after)
        self._look_at = self._now + LOOK_EVERY
        self._set_state(State.WAITING, why.text)

    def _broke(self, why: Failure) -> None:
        """The connection, or the attempt at one, has ended by itself."""
        was_connected = self.state is State.CONNECTED
        connection = self._drop(OutboardError("CONNECTION_LOST", why.text))
        if connection is not None:
            connection.abort(why)
        if self.state is State.OFF:
            return
        if was_connected:
            self._failures = []
        self._failures.append(why)
        self._try_next()

    def _drop(self, error: OutboardError) -> Connection | None:
        """Take leave of the connection and fail whatever waits for it."""
        connection, self._connection = self._connection, None
        talk, self._talk = self._talk, None
        self.server_version = self.threads = self.session = None
        self.limits = {}
        if connection is not None:
            self._bytes_before[0] += connection.bytes_sent
            self._bytes_before[1] += connection.bytes_received
        if talk is not None:
            talk.end(error)
        return connection

    def _leave(self) -> None:
        if self._leaving is None:
            return
        while self._leaving.step():
            self._leaving.messages.clear()
        if self._now > self._leave_by:
            self._leaving.abort()
        if self._leaving.phase is Phase.CLOSED:
            self._leaving = None

    # Requests.

    def _submit(self, request: Request) -> None:
        if self.state is State.CONNECTED and self._talk is not None:
            self._talk.send(request)
            return
        error = OutboardError("CONNECTION_LOST", f"Not connected to a server: {self.line}")
        self._stranded.append((request, error))

    def _cancel_unsent(self, job: Job) -> None:
        self._finish(job, None, OutboardError("CANCELLED", "The job was cancelled"))

    def _finish(self, request: Request, result: Any, error: OutboardError | None) -> None:
        callback = request.finish(result, error)
        if callback is not None:
            self._guard(callback, result, error)

    def _set_state(self, state: State, text: str) -> None:
        changed = (state, text) != (self.state, self._text)
        self.state, self._text = state, text
        if changed and self._on_state is not None:
            self._guard(self._on_state, self)

    def _guard(self, function: Callable[..., Any], *args: Any) -> bool:
        """Call a function; the one place where any exception is caught, and logged."""
        try:
            function(*args)
        except Exception:  # noqa: BLE001 - the one broad catch of the extension, and it logs
            self._log.exception("A callback of the Outboard client failed")
            return False
        return True
