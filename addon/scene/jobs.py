"""The jobs that this Blender started: what they work on, how far they are, what came of them."""

import itertools
import logging
import time
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

import numpy as np

from ..bridge.request import Job as Request
from . import changes, traffic
from .changes import Moment
from .subjects import Subjects

# Seconds.
SHOW_AFTER = 0.3
# The results that could not be applied may take as much memory together; the newest always stays.
KEPT_BYTES = 2**30

log = logging.getLogger(__package__)


class State(Enum):
    """Where a job is; the last three are final."""

    RUNNING = "running"
    READY = "ready"
    APPLIED = "applied"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(eq=False)
class Job:
    """One press of a button. Holds names and numbers, never references into Blender."""

    call: str
    title: str
    values: dict[str, object]
    inputs: dict[str, np.ndarray]
    # None until the next tick where an undo or redo of Blender's own is still under way.
    moment: Moment | None
    # The objects it works on, by the part that each plays.
    subjects: dict[str, Subjects] = field(default_factory=dict)
    id: str = ""
    state: State = State.RUNNING
    line: str = ""
    waiting: str = ""
    request: Request | None = None
    outputs: dict[str, np.ndarray] = field(default_factory=dict)
    # Milliseconds: queue, compute, transfer, apply, and Blender if it did much in between.
    timings: dict[str, float] = field(default_factory=dict)
    # Seconds spent talking to the server before it.
    talked_before: float = field(default_factory=traffic.spent)
    # The fields that the server refused.
    bad_fields: frozenset[str] = frozenset()
    started: float = field(default_factory=time.monotonic)
    finished: float | None = None
    # A job of F9 whose answer came too late to be applied within the redo itself.
    is_late: bool = False

    @property
    def is_unfinished(self) -> bool:
        """Whether something is still to come of it."""
        return self.state in (State.RUNNING, State.READY)

    @property
    def is_kept(self) -> bool:
        """Whether its result came and could not be applied: the user decides what becomes of it."""
        return self.state is State.FAILED and bool(self.outputs)

    @property
    def size(self) -> int:
        """Bytes that its arrays take."""
        return sum(it.nbytes for it in (*self.inputs.values(), *self.outputs.values()))

    @property
    def fraction(self) -> float:
        """How far the server is, 0 to 1."""
        if self.state is State.READY:
            return 1.0
        return (self.request.fraction or 0.0) if self.request else 0.0

    @property
    def message(self) -> str:
        """What the operation says that it is doing."""
        is_running = self.state is State.RUNNING and self.request
        return " ".join((self.request.message or "").split()) if is_running else ""

    @property
    def elapsed(self) -> float:
        """Seconds since the button was pressed."""
        return (self.finished or time.monotonic()) - self.started

    @property
    def took(self) -> str:
        """How long it took, and what for."""
        unit, size, digits = ("s", 1000, 1) if self.elapsed >= 1 else ("ms", 1, 0)
        parts = (f"{what} {ms / size:.{digits}f}" for what, ms in self.timings.items())
        return f"in {self.elapsed * 1000 / size:.{digits}f} {unit}: {', '.join(parts)}"

    @property
    def is_shown(self) -> bool:
        """Whether the panel shows it: not at once, or quick jobs would make the panel flicker."""
        return self.elapsed > SHOW_AFTER or bool(self.waiting)

    def settle(self) -> None:
        """Take the moment that the scene must still be at when the result comes."""
        if self.moment is None:
            self.moment = changes.now()

    def finish(self, state: State, line: str) -> None:
        """End the job with one plain line for the user."""
        self.state, self.line, self.finished, self.waiting = (state, line, time.monotonic(), "")
        moment = changes.now() if state is State.APPLIED else None
        notes[self.call] = Note(line, state is State.FAILED, self.bad_fields, moment)
        if self.is_kept:
            _make_room(self)


class Note(NamedTuple):
    """What the panel says under a button about its last run."""

    line: str
    is_error: bool = False
    # The fields that it is about.
    fields: frozenset[str] = frozenset()
    # That at which the scene became as it says, if it says that.
    moment: Moment | None = None


notes: dict[str, Note] = {}
_jobs: dict[str, Job] = {}
_numbers = itertools.count(1)


def add(job: Job) -> Job:
    """Remember `job`, give it its id and forget the failures of the same button."""
    _forget(job.call, (State.FAILED, State.CANCELLED))
    forget_errors(job.call)
    job.id = str(next(_numbers))
    _jobs[job.id] = job
    return job


def get(job_id: str) -> Job | None:
    """Find the job with this id, unless it is forgotten."""
    return _jobs.get(job_id)


def applied(job: Job, line: str) -> None:
    """End `job` well. It is kept for F9 until the next one of the same button is applied."""
    _forget(job.call, (State.APPLIED,))
    _jobs[job.id] = job
    job.finish(State.APPLIED, line)


def kept(call: str | None = None) -> list[Job]:
    """List the jobs, of one button or of all, whose results wait for the user; oldest first."""
    return [job for job in _jobs.values() if job.is_kept and call in (None, job.call)]


def discard(job_id: str) -> None:
    """Forget a result that was kept."""
    job = _jobs.get(job_id)
    if job and job.is_kept:
        del _jobs[job_id]
        forget_errors(job.call)


def forget_errors(call: str | None = None) -> None:
    """Forget what went wrong last, with one button or with all: it is being tried anew."""
    for name in [name for name, note in notes.items() if note.is_error and call in (None, name)]:
        del notes[name]


def forget_undone() -> None:
    """Forget what was said of results where steps were undone or another file was opened."""
    for name in [name for name, it in notes.items() if it.moment not in (None, changes.now())]:
        del notes[name]


def _make_room(newest: Job) -> None:
    older = [job for job in kept() if job is not newest]
    while older and newest.size + sum(job.size for job in older) > KEPT_BYTES:
        oldest = older.pop(0)
        log.warning("A result of %s was discarded to make room for newer ones", oldest.title)
        del _jobs[oldest.id]


def _forget(call: str, states: tuple[State, ...]) -> None:
    found = [old for old in _jobs.values() if old.call == call and old.state in states]
    for old in found:
        if not old.is_kept:
            del _jobs[old.id]


def unfinished(call: str | None = None) -> list[Job]:
    """List the jobs, of one button or of all, that run or wait to be applied; oldest first."""
    return [job for job in _jobs.values() if job.is_unfinished and call in (None, job.call)]


def cancel(job: Job, line: str = "Cancelled: nothing was applied") -> None:
    """Stop `job` here at once and on the server as soon as it hears of it."""
    job.finish(State.CANCELLED, line)
    if job.request and not job.request.done:
        job.request.cancel()


def cancel_all(job_id: str = "") -> None:
    """Cancel the job with this id, or every unfinished one if none is given."""
    for job in unfinished():
        if job_id in ("", job.id):
            cancel(job)


def clear() -> None:
    """Cancel and forget everything."""
    cancel_all()
    _jobs.clear()
    notes.clear()
