"""JSON-RPC over one open connection: who waits for what, and which bytes belong to whom."""

import json
import logging
from collections.abc import Callable
from typing import Any

import numpy as np

from . import failure
from .connection import Connection
from .errors import OutboardError
from .failure import Failure
from .incoming import IncomingArray, ProtocolViolation, check_sizes, read_declaration, split_chunk
from .outgoing import to_wire
from .request import Answer, Job, JobResult, Request

PROTOCOL_VERSION = 1

PING_AFTER = 15.0
BROKEN_AFTER = 45.0
ARRAY_TIMEOUT = 30.0

# How an ended request is handed back: the client guards the callback and calls it.
Finish = Callable[[Request, Any, OutboardError | None], None]
Guard = Callable[..., bool]


class Session:
    """The conversation on one connection; it dies with it.

    Parameters
    ----------
    connection : Connection
    finish : callable
        Called once with every request that ended, its result and its error.
    guard : callable
        Calls a function of the user and logs what it raises.
    logger : logging.Logger
    now : float
        The client's time, which stands still while nobody pumps.

    Attributes
    ----------
    pending : dict of int to Request
        The requests without an answer.
    limits : dict
        What the server said that it accepts.
    revision : str or None
        The catalogue's revision, as the server last told it.
    """

    def __init__(
        self,
        connection: Connection,
        finish: Finish,
        guard: Guard,
        logger: logging.Logger,
        now: float,
    ) -> None:
        self.connection = connection
        self.pending: dict[int, Request] = {}
        self.jobs: dict[str, Job] = {}
        self.limits: dict[str, Any] = {}
        self.revision: str | None = None
        self._finish = finish
        self._guard = guard
        self._logger = logger
        self._arrays: dict[int, tuple[IncomingArray, Job]] = {}
        self._next_id = 1
        self._heard_at = now
        self._moved = 0
        self._now = now
        self._ping: Request | None = None

    @property
    def busy(self) -> bool:
        """Whether somebody waits for an answer, the heartbeat apart."""
        return any(request is not self._ping for request in self.pending.values())

    def send(self, request: Request) -> None:
        """Send a request; a job's arrays follow its text."""
        if isinstance(request, Job) and not self._declare(request):
            return
        message = {
            "jsonrpc": "2.0",
            "id": self._next_id,
            "method": request.method,
            "params": request.params,
        }
        try:
            text = json.dumps(message, allow_nan=False, default=_to_json)
        except (TypeError, ValueError, RecursionError) as error:
            self._withdraw(request)
            reason = f"The parameters cannot be written as JSON: {error}"
            self._finish(request, None, OutboardError("INVALID_PARAMS", reason))
            return
        self.pending[self._next_id] = request
        self._next_id += 1
        self.connection.send_text(text)

    def handle(self, message: str | bytes | bytearray) -> None:
        """Take in one message.

        Raises
        ------
        ProtocolViolation
            If the connection cannot go on.
        """
        if not isinstance(message, str):
            self._handle_chunk(message)
            return
        try:
            parsed = json.loads(message)
        except (ValueError, RecursionError):
            raise ProtocolViolation(f"a text frame that is no JSON: {message[:80]!r}") from None
        for item in parsed if isinstance(parsed, list) else [parsed]:
            if not isinstance(item, dict):
                raise ProtocolViolation(f"a message that is no object: {str(item)[:80]}")
            if "method" in item:
                self._handle_notification(item)
            else:
                self._handle_answer(item)

    def tick(self, now: float) -> Failure | None:
        """Look after what time does: heartbeat, silence, arrays whose bytes stopped coming."""
        self._now = now
        moved = self.connection.bytes_received
        if self.connection.outgoing:
            # While a long upload drains, the peer is plainly there.
            moved += self.connection.bytes_sent
        if moved != self._moved:
            self._moved, self._heard_at = moved, now
        silence = now - self._heard_at
        if self.pending and silence >= BROKEN_AFTER:
            return failure.no_longer_answers(self.connection.endpoint.label)
        if silence >= PING_AFTER and (self._ping is None or self._ping.done):
            self._ping = Request("server.ping", {}, None, lambda: now)
            self.send(self._ping)
        self._expire_arrays(now)
        return None

    def cancel(self, job: Job) -> None:
        """Ask the server to stop a job, and send no more of its arrays."""
        if job.done:
            return
        self.connection.outgoing.drop(job.upload_ids)
        if job.answer is None:
            self.send(Request("jobs.cancel", {"job": job.name}, None, lambda: self._now))
            return
        # The answer is here and only its arrays are still coming.
        self._fail_job(job, OutboardError("CANCELLED", "The job was cancelled"))

    def end(self, error: OutboardError) -> None:
        """Fail everything that has no answer."""
        requests = list(dict.fromkeys([*self.pending.values(), *self.jobs.values()]))
        self.pending.clear()
        self.jobs.clear()
        self._arrays.clear()
        for request in requests:
            self._finish(request, None, error)

    def _declare(self, job: Job) -> bool:
        """Write the job's arrays into its parameters and queue their bytes behind its text."""
        try:
            arrays = {name: to_wire(name, array) for name, array in job.inputs.items()}
            for name, array in arrays.items():
                most = self.limits.get("maxArrayBytes")
                if isinstance(most, int) and array.nbytes > most:
                    reason = f"{name!r} has {array.nbytes} bytes; the server accepts {most}"
                    raise OutboardError("TOO_LARGE", reason)
        except OutboardError as error:
            self._finish(job, None, error)
            return False
        self.jobs[job.name] = job
        job.bind(self.cancel)
        declared: dict[str, Any] = {}
        for name, array in arrays.items():
            array_id = self.connection.outgoing.add(array)
            job.upload_ids.append(array_id)
            shape = list(array.shape)
            declared[name] = {"$array": {"id": array_id, "dtype": array.dtype.name, "shape": shape}}
        if declared:
            job.params["inputs"] = declared
        # From here on the outgoing queue holds what is still needed of them.
        job.inputs = {}
        return True

    def _withdraw(self, request: Request) -> None:
        if isinstance(request, Job):
            self.connection.outgoing.drop(request.upload_ids)
            self.jobs.pop(request.name, None)

    def _handle_notification(self, message: dict[str, Any]) -> None:
        params = message.get("params")
        params = params if isinstance(params, dict) else {}
        if message["method"] == "jobs.progress":
            job = self.jobs.get(str(params.get("job")))
            fraction, text = params.get("fraction"), params.get("message")
            if job is None or job.done or not isinstance(fraction, int | float):
                return
            job.fraction = min(max(float(fraction), 0.0), 1.0)
            job.message = text if isinstance(text, str) else None
            if job.on_progress is not None:
                self._guard(job.on_progress, job.fraction, job.message)
        elif message["method"] == "operations.changed" and isinstance(params.get("revision"), str):
            self.revision = params["revision"]

    def _handle_answer(self, message: dict[str, Any]) -> None:
        request_id = message.get("id")
        if request_id is None:
            self._logger.warning("The server complained: %s", str(message.get("error"))[:300])
            return
        request = self.pending.pop(request_id, None) if type(request_id) is int else None
        if request is None:
            raise ProtocolViolation(f"an answer to a question never asked: id {request_id!r}")
        result = message.get("result")
        if isinstance(request, Job):
            self._answer_job(request, message)
        elif "error" in message:
            self._finish(request, None, OutboardError.from_wire(message["error"]))
        elif isinstance(result, dict):
            self._finish(request, result, None)
        else:
            raise ProtocolViolation(f"an answer without result or error to {request.method}")

    def _answer_job(self, job: Job, message: dict[str, Any]) -> None:
        self.connection.outgoing.drop(job.upload_ids)
        if "error" in message:
            self._fail_job(job, OutboardError.from_wire(message["error"]))
            return
        result = message.get("result")
        outputs = result.get("outputs") if isinstance(result, dict) else None
        if not isinstance(outputs, dict):
            self.jobs.pop(job.name, None)
            self._finish(job, None, OutboardError("CONNECTION_LOST", "The answer made no sense"))
            raise ProtocolViolation(f"a job's answer without outputs: {str(message)[:120]}")
        self._expect(job, result, outputs)
        if job.cancel_wanted:
            # The cancel crossed the answer on the way; nobody wants the result any more.
            self._fail_job(job, OutboardError("CANCELLED", "The job was cancelled"))
        self._deliver(job)

    def _expect(self, job: Job, result: dict[str, Any], outputs: dict[str, Any]) -> None:
        job.answer = Answer(result, heard_at=self._now)
        declared = {name: read_declaration(value) for name, value in outputs.items()}
        sizes = [np.dtype(dtype).itemsize * _count(shape) for _, dtype, shape in declared.values()]
        refusal: OutboardError | None = None
        try:
            check_sizes(sizes, self.limits)
        except OutboardError as error:
            refusal = error
        for name, (array_id, dtype, shape) in declared.items():
            if array_id in self._arrays:
                raise ProtocolViolation(f"the id {array_id} for two arrays at once")
            try:
                array = IncomingArray(dtype, shape, keep=refusal is None and not job.cancel_wanted)
            except (MemoryError, ValueError):
                refusal = OutboardError("TOO_LARGE", "There is not enough memory for the answer")
                array = IncomingArray(dtype, shape, keep=False)
            job.answer.arrays[name] = array
            if not array.complete:
                self._arrays[array_id] = (array, job)
        self.connection.expect_arrays = bool(self._arrays)
        if refusal is not None:
            self._fail_job(job, refusal)

    def _handle_chunk(self, frame: bytes | bytearray) -> None:
        array_id, offset, data = split_chunk(frame)
        entry = self._arrays.get(array_id)
        if entry is None:
            raise ProtocolViolation(f"a chunk for the array {array_id}, which was not declared")
        array, job = entry
        array.write(offset, data)
        if job.answer is not None:
            job.answer.heard_at = self._now
        if array.complete:
            del self._arrays[array_id]
            self.connection.expect_arrays = bool(self._arrays)
            self._deliver(job)

    def _deliver(self, job: Job) -> None:
        answer = job.answer
        if job.done or answer is None or not answer.complete:
            return
        self.jobs.pop(job.name, None)
        params, timings = answer.message.get("params"), answer.message.get("timings")
        result = JobResult(
            {name: array.array for name, array in answer.arrays.items() if array.array is not None},
            params if isinstance(params, dict) else {},
            timings if isinstance(timings, dict) else {},
            job.elapsed * 1000.0,
        )
        self._finish(job, result, None)

    def _fail_job(self, job: Job, error: OutboardError) -> None:
        self.jobs.pop(job.name, None)
        for array in job.answer.arrays.values() if job.answer is not None else ():
            array.forget()
        self._finish(job, None, error)

    def _expire_arrays(self, now: float) -> None:
        limit = self.limits.get("arrayTimeoutSeconds")
        limit = float(limit) if isinstance(limit, int | float) else ARRAY_TIMEOUT
        for job in {id(job): job for _, job in self._arrays.values()}.values():
            if not job.done and job.answer is not None and now - job.answer.heard_at > limit:
                reason = f"The answer's arrays stopped coming for {limit:.0f} seconds"
                self._fail_job(job, OutboardError("ARRAY_INCOMPLETE", reason))


def _count(shape: tuple[int, ...]) -> int:
    count = 1
    for size in shape:
        count *= size
    return count


def _to_json(value: Any) -> Any:
    """Let numpy's numbers and small arrays stand among parameters."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is not JSON")
