"""What a caller holds while it waits: a request, or a job."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from .errors import OutboardError
from .incoming import IncomingArray

OnDone = Callable[[Any, OutboardError | None], None]
OnProgress = Callable[[float, str | None], None]


class JobResult(NamedTuple):
    """What a job brought.

    Attributes
    ----------
    outputs : dict of str to np.ndarray
        Writable arrays that own their memory.
    params : dict
        The parameters as used; sent again they give the same bytes.
    timings : dict
        Milliseconds on the server: validateMs, queueMs, computeMs, totalMs.
    round_trip_ms : float
        From `Client.run` to the last byte of the last output.
    """

    outputs: dict[str, np.ndarray]
    params: dict[str, Any]
    timings: dict[str, float]
    round_trip_ms: float


class Request:
    """A question to the server that ends exactly once, with a result or an error.

    Attributes
    ----------
    method : str
    done : bool
    result : object or None
    error : OutboardError or None
    """

    def __init__(
        self,
        method: str,
        params: dict[str, Any],
        on_done: OnDone | None,
        clock: Callable[[], float],
    ) -> None:
        self.method = method
        self.params = params
        self.done = False
        self.result: Any = None
        self.error: OutboardError | None = None
        self.started = clock()
        self._clock = clock
        self._on_done = on_done
        self._finished: float | None = None

    @property
    def cancelled(self) -> bool:
        """Whether it ended because it was cancelled."""
        return self.error is not None and self.error.code == "CANCELLED"

    @property
    def elapsed(self) -> float:
        """Seconds since the start, or from start to end."""
        return (self._clock() if self._finished is None else self._finished) - self.started

    def finish(self, result: Any, error: OutboardError | None) -> OnDone | None:
        """Note the end; the first one counts.

        Returns
        -------
        callable or None
            What is to be called with result and error, if anything.
        """
        if self.done:
            return None
        self.done, self.result, self.error = True, result, error
        self._finished = self._clock()
        callback, self._on_done = self._on_done, None
        return callback


@dataclass
class Answer:
    """A job's answer whose arrays are still coming."""

    message: dict[str, Any]
    arrays: dict[str, IncomingArray] = field(default_factory=dict)
    heard_at: float = 0.0

    @property
    def complete(self) -> bool:
        """Whether every byte of every array has come."""
        return all(array.complete for array in self.arrays.values())


class LaneShare(NamedTuple):
    """A job's part in the same-host lane.

    Attributes
    ----------
    slot : int
    places : dict of str to int
        The inputs that lie in the slot, and the byte offset of each.
    room : int
        The byte offset from which on outputs may lie there.
    """

    slot: int
    places: dict[str, int]
    room: int


class Job(Request):
    """One run of an operation.

    Attributes
    ----------
    name : str
        The client's own name for it, unique while the client lives.
    operation : str
    fraction : float or None
        How far it is, 0 to 1, once the server has said so.
    message : str or None
        What it is doing, in the operation's words.
    """

    def __init__(
        self,
        name: str,
        operation: str,
        params: dict[str, Any],
        on_done: OnDone | None,
        on_progress: OnProgress | None,
        clock: Callable[[], float],
    ) -> None:
        super().__init__("jobs.run", params, on_done, clock)
        self.name = name
        self.operation = operation
        self.fraction: float | None = None
        self.message: str | None = None
        self.on_progress = on_progress
        # Kept until nothing more is to be sent of them, perhaps a second time.
        self.inputs: dict[str, np.ndarray] = {}
        # While it goes by the lane.
        self.share: LaneShare | None = None
        # The ids under which the inputs go out.
        self.upload_ids: list[int] = []
        self.answer: Answer | None = None
        self.cancel_wanted = False
        self._on_cancel: Callable[[Job], None] | None = None

    def cancel(self) -> None:
        """Stop it. It still ends once, as cancelled, when the server has said so."""
        if self.done or self.cancel_wanted:
            return
        self.cancel_wanted = True
        if self._on_cancel is not None:
            self._on_cancel(self)

    def bind(self, on_cancel: Callable[["Job"], None]) -> None:
        """Let `on_cancel` carry out a wish to cancel."""
        self._on_cancel = on_cancel
