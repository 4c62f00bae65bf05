"""The client: finds a server, stays connected to it, and never waits for anything."""

import logging
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from . import failure
from .discovery import ServerAddress, find_servers
from .endpoint import parse_endpoint
from .errors import OutboardError
from .failure import Failure
from .link import Link
from .readiness import is_ready
from .request import Job, JobResult, OnDone, OnProgress, Request
from .state import State
from .status import OFF_TEXT, Status

# A connection that held this long was a good one: the next break starts with the shortest pause.
STEADY_AFTER = 5.0
# Seconds of work in one go, where nobody says otherwise.
BUDGET = 0.008


class Client(Status):
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
        super().__init__(find, clock)
        self._identity = {"name": client_name, "version": client_version}
        self._on_state = on_state
        self._log = log or logging.getLogger(__name__)
        self._last_job = 0
        self._pumping = self._more = False

    # What the user wants.

    def connect(self) -> None:
        """Connect, and stay connected; returns at once."""
        if self.state not in (State.CONNECTING, State.CONNECTED):
            self._search.restart(self._pumped.now)
            self._set_state(State.SEARCHING, "Looking for an Outboard server")

    def disconnect(self) -> None:
        """Close the connection in good order and stay away."""
        link = self._take_link()
        self._set_state(State.OFF, OFF_TEXT)
        if link is not None:
            if self._leaving is not None:
                self._leaving.drop()
            self._leaving = link
            link.leave(OutboardError("CONNECTION_LOST", "Disconnected"))

    def close_now(self) -> None:
        """Let go of the socket without waiting; nothing is called back any more."""
        self._on_state = None
        link = self._take_link()
        unfinished = link.session.unfinished if link is not None and link.session else []
        for request in [*unfinished, *(request for request, _ in self._stranded)]:
            request.finish(None, OutboardError("CONNECTION_LOST", "The client was closed"))
        self._stranded.clear()
        for each in (link, self._leaving):
            if each is not None:
                each.drop()
        self._leaving = None
        self._set_state(State.OFF, OFF_TEXT)

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
        message = {"operation": operation, "params": dict(params or {}), "job": name}
        message["arrays"] = "binary"
        job = Job(name, operation, message, on_done, on_progress, self._clock)
        job.inputs = dict(inputs or {})
        # Until it is sent, cancelling it needs no server.
        cancelled = OutboardError("CANCELLED", "The job was cancelled")
        job.bind(lambda job: self._finish(job, None, cancelled))
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
        left = timeout
        while not request.done and not self._pumping:
            more = self.pump(min(max(left, 0.0), BUDGET))
            left = end - time.monotonic()
            if request.done or left <= 0:
                break
            if not more:
                self.sleep(min(left, 0.02))
                left = end - time.monotonic()
        return request.done

    def sleep(self, seconds: float) -> None:
        """Wait until the socket is ready, at most so long; for callers that pump by hand."""
        link = self._link or self._leaving
        if link is None or link.connection.fileno() < 0:
            time.sleep(seconds)
        else:
            connection = link.connection
            is_ready(connection.fileno(), write=connection.wants_write, timeout=seconds)

    def pump(self, budget: float = BUDGET) -> bool:
        """Do what can be done now, for about `budget` seconds.

        Returns
        -------
        bool
            Whether there is more to do at once.
        """
        if self._pumping:
            return False
        self._pumping = True
        try:
            if not self._guard(self._tick, time.perf_counter() + budget):
                # A defect here must neither end the caller's timer nor leave half a session.
                if self._leaving is not None:
                    self._leaving.connection.abort()
                    self._leaving = None
                self._broke(Failure("The extension stumbled; its log has the details"))
        finally:
            self._pumping = False
        return self._more

    # How it goes about it.

    def _tick(self, deadline: float) -> None:
        self._more = False
        self._pumped.advance()
        while self._stranded:
            request, error = self._stranded.popleft()
            self._finish(request, None, error)
        if self._leaving is not None and self._leaving.has_left():
            self._leaving = None
        if self._link is not None:
            self._drive(self._link, deadline)
        elif self.state is not State.OFF:
            by_itself = self.state is not State.REFUSED
            if self._search.look(self._pumped.now, by_itself=by_itself):
                self._try_next()

    def _drive(self, link: Link, deadline: float) -> None:
        received = link.connection.bytes_received
        self._more = link.work(deadline)
        if link.connection.bytes_received != received:
            self._heard_at = self._clock()
        if link is not self._link:
            # A callback has disconnected meanwhile.
            return
        if link.failure is not None:
            self._broke(link.failure)
        elif link.greeting is not None:
            if self.state is not State.CONNECTED:
                self._search.succeed()
            elif link.age > STEADY_AFTER:
                self._search.steady()
            label = link.connection.endpoint.label
            way = "shared files" if link.session.lane.in_use else "the socket"
            self._set_state(
                State.CONNECTED,
                f"Connected to {label}, server {link.greeting.version}, arrays by {way}",
            )

    def _try_next(self) -> None:
        while (server := self._search.next_candidate()) is not None:
            try:
                endpoint = parse_endpoint(server.url)
            except ValueError as error:
                self._search.fail(Failure(str(error), needs_user=True))
                continue
            self._link = Link(
                endpoint,
                server.token,
                self._identity,
                pumped=self._pumped,
                finish=self._finish,
                guard=self._guard,
                logger=self._log,
            )
            self._more = True
            self._set_state(State.CONNECTING, f"Connecting to {endpoint.label}")
            return
        why = self._search.verdict(self._pumped.now)
        if why is None:
            self._set_state(State.SEARCHING, failure.NO_SERVER)
        else:
            self._set_state(State.REFUSED if why.needs_user else State.WAITING, why.text)

    def _broke(self, why: Failure) -> None:
        """Go on after a connection, or the attempt at one, has ended by itself."""
        link = self._take_link()
        if link is not None and link.failure is None:
            link.leave(OutboardError("CONNECTION_LOST", why.text))
            link.drop()
        if self.state is not State.OFF:
            self._search.fail(why)
            self._try_next()

    def _take_link(self) -> Link | None:
        link, self._link = self._link, None
        if link is not None:
            self._bytes_sent += link.connection.bytes_sent
            self._bytes_received += link.connection.bytes_received
        return link

    def _submit(self, request: Request) -> None:
        if self.state is State.CONNECTED and self._link is not None and self._link.failure is None:
            self._link.session.send(request)
        else:
            reason = f"Not connected to a server: {self.line}"
            self._stranded.append((request, OutboardError("CONNECTION_LOST", reason)))

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
