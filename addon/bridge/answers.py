"""The answers of jobs, from the text that declares their arrays to the last chunk."""

import math
from collections.abc import Callable
from typing import Any

from .errors import OutboardError
from .incoming import (
    IncomingArray,
    ProtocolViolation,
    check_sizes,
    read_declaration,
    read_place,
    split_chunk,
)
from .request import Answer, Job, JobResult

ARRAY_TIMEOUT = 30.0

ReadSlot = Callable[[Job, list[tuple[IncomingArray, int]]], None]
# Told of every job that ended: its result, or its error.
Deliver = Callable[[Job, JobResult | None, OutboardError | None], None]


class Answers:
    """The arrays on their way in, and the jobs that wait for them.

    Parameters
    ----------
    deliver : callable
    read : callable
        Reads a job's arrays from byte offsets in its slot, and then calls `complete`.

    Attributes
    ----------
    limits : dict
        What the server said to be its limits: it is held to them.
    """

    def __init__(self, deliver: Deliver, read: ReadSlot) -> None:
        self.limits: dict[str, Any] = {}
        self._deliver = deliver
        self._read = read
        self._arrays: dict[int, tuple[IncomingArray, Job]] = {}

    def __bool__(self) -> bool:
        return bool(self._arrays)

    def begin(self, job: Job, result: dict[str, Any], outputs: dict[str, Any], now: float) -> None:
        """Take in a job's result; deliver it when all of its arrays are complete.

        Raises
        ------
        ProtocolViolation
            If the outputs cannot be told apart.
        """
        declared = {name: read_declaration(value) for name, value in outputs.items()}
        places = {name: read_place(value) for name, value in outputs.items()}
        refusal: OutboardError | None = None
        if job.cancel_wanted:
            # The cancel crossed the answer on the way; nobody wants the result any more.
            refusal = OutboardError("CANCELLED", "The job was cancelled")
        try:
            sizes = [math.prod(shape) * dtype.itemsize for _, dtype, shape in declared.values()]
            check_sizes(sizes, self.limits)
        except OutboardError as error:
            refusal = refusal or error
        job.answer = Answer(result, heard_at=now)
        in_slot: list[tuple[IncomingArray, int]] = []
        for name, (array_id, dtype, shape) in declared.items():
            if array_id in self._arrays:
                raise ProtocolViolation(f"the id {array_id} for two arrays at once")
            try:
                array = IncomingArray(dtype, shape, keep=refusal is None)
            except (MemoryError, ValueError):
                reason = f"There is not enough memory for the output {name!r}, shape {list(shape)}"
                refusal = OutboardError("TOO_LARGE", reason)
                array = IncomingArray(dtype, shape, keep=False)
            job.answer.arrays[name] = array
            place = places[name]
            if place is not None and (job.share is None or place[0] != job.share.slot):
                raise ProtocolViolation(f"an array in slot {place[0]}, which is not the job's")
            if array.complete:
                continue
            if place is None:
                self._arrays[array_id] = (array, job)
            else:
                in_slot.append((array, place[1]))
        if refusal is not None:
            self.abandon(job, refusal)
        elif in_slot:
            self._read(job, in_slot)
        else:
            self.complete(job)

    def take_chunk(self, frame: bytes | bytearray, now: float) -> None:
        """Put the bytes of a binary frame where they belong.

        Raises
        ------
        ProtocolViolation
            If nobody declared the array, or the bytes do not fit it.
        """
        array_id, offset, data = split_chunk(frame)
        entry = self._arrays.get(array_id)
        if entry is None:
            raise ProtocolViolation(f"a chunk for the array {array_id}, which was not declared")
        array, job = entry
        array.write(offset, data)
        if job.answer is not None:
            job.answer.heard_at = now
        if array.complete:
            del self._arrays[array_id]
            self.complete(job)

    def abandon(self, job: Job, error: OutboardError) -> None:
        """End a job whose arrays may still be coming: they are counted and forgotten."""
        for array in job.answer.arrays.values() if job.answer is not None else ():
            array.forget()
        self._deliver(job, None, error)

    def expire(self, now: float) -> None:
        """End the jobs whose arrays stopped coming."""
        limit = self.limits.get("arrayTimeoutSeconds")
        limit = float(limit) if isinstance(limit, int | float) else ARRAY_TIMEOUT
        for job in {id(job): job for _, job in self._arrays.values()}.values():
            if not job.done and job.answer is not None and now - job.answer.heard_at > limit:
                reason = f"The arrays of the answer stopped coming for {limit:g} seconds"
                self.abandon(job, OutboardError("ARRAY_INCOMPLETE", reason))

    def complete(self, job: Job) -> None:
        """Deliver a job if every byte of its arrays is here."""
        answer = job.answer
        if job.done or answer is None or not answer.complete:
            return
        params, timings = answer.message.get("params"), answer.message.get("timings")
        result = JobResult(
            {name: array.array for name, array in answer.arrays.items() if array.array is not None},
            params if isinstance(params, dict) else {},
            timings if isinstance(timings, dict) else {},
            job.elapsed * 1000.0,
        )
        self._deliver(job, result, None)
