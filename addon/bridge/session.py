"""JSON-RPC over one open connection: who waits for what answer."""

import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from . import failure
from .answers import Answers
from .errors import OutboardError
from .failure import Failure
from .incoming import IncomingArray, ProtocolViolation
from .job_message import job_params, wire_inputs
from .lane_jobs import LaneJobs
from .request import Job, JobResult, Request

if TYPE_CHECKING:
    from .connection import Connection

PING_AFTER = 15.0
BROKEN_AFTER = 45.0

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
        The client's time.

    Attributes
    ----------
    limits : dict
        What the server said that it accepts.
    revision : str or None
        The catalogue's revision, as the server last told it.
    lane : LaneJobs
        The jobs whose arrays go through files.
    """

    def __init__(
        self,
        connection: "Connection",
        finish: Finish,
        guard: Guard,
        logger: logging.Logger,
        now: float,
    ) -> None:
        self.limits: dict[str, Any] = {}
        self.revision: str | None = None
        self._connection = connection
        self._finish = finish
        self._guard = guard
        self._logger = logger
        self._pending: dict[int, Request] = {}
        # Jobs stay here after their answer until its last array has come.
        self._jobs: dict[str, Job] = {}
        self._answers = Answers(self._end_job, self._read_slot)
        self.lane = LaneJobs()
        self._next_id = 1
        self._now = self._heard_at = now
        self._moved = 0
        self._ping: Request | None = None

    @property
    def busy(self) -> bool:
        """Whether somebody waits for something, the heartbeat apart."""
        return bool(self._jobs) or any(r is not self._ping for r in self._pending.values())

    @property
    def unfinished(self) -> list[Request]:
        """Everything that has not ended yet."""
        return list(dict.fromkeys([*self._pending.values(), *self._jobs.values()]))

    def obey(self, limits: dict[str, Any]) -> None:
        """Keep to the server's limits from now on, and hold it to them."""
        self.limits = self._answers.limits = limits
        if isinstance(most := limits.get("maxChunkBytes"), int):
            self._connection.outgoing.limit_chunks(most)

    def send(self, request: Request) -> None:
        """Send a request; a job's arrays go before it by the lane, or follow its text."""
        if not isinstance(request, Job):
            self._post(request)
            return
        self._jobs[request.name] = request
        request.bind(self.cancel)
        try:
            request.inputs = wire_inputs(request.inputs, self.limits)
        except OutboardError as error:
            self._end_job(request, None, error)
            return
        if not self.lane.take(request, request.inputs, self._post, self._retry):
            self._post(request)

    def transfer(self) -> bool:
        """Move a piece of an array through the lane; tell whether there was one."""
        return self.lane.step()

    def cancel(self, job: Job) -> None:
        """Ask the server to stop a job, and send no more of its arrays."""
        if job.done:
            return
        self._connection.outgoing.drop(job.upload_ids)
        cancelled = OutboardError("CANCELLED", "The job was cancelled")
        if job not in self._pending.values() and job.answer is None:
            # Its inputs are still being written; the server knows nothing of it.
            self._end_job(job, None, cancelled)
        elif job.answer is None:
            self.send(Request("jobs.cancel", {"job": job.name}, None, lambda: self._now))
        else:
            # It is answered already, and only its arrays are still coming.
            self._answers.abandon(job, cancelled)

    def handle(self, message: str | bytes | bytearray) -> None:
        """Take in one message.

        Raises
        ------
        ProtocolViolation
            If the connection cannot go on.
        """
        if isinstance(message, str):
            try:
                parsed = json.loads(message)
            except (ValueError, RecursionError):
                raise ProtocolViolation(f"a text that is no JSON: {message[:80]!r}") from None
            for item in parsed if isinstance(parsed, list) else [parsed]:
                self._handle_item(item)
        else:
            self._answers.take_chunk(message, self._now)
        self._connection.expect_arrays = bool(self._answers)

    def tick(self, now: float) -> Failure | None:
        """Look after what time does: heartbeat, silence, arrays whose bytes stopped coming."""
        self._now = now
        moved = self._connection.bytes_received
        if self._connection.outgoing:
            # While a long upload drains, the peer is plainly there.
            moved += self._connection.bytes_sent
        if moved != self._moved:
            self._moved, self._heard_at = moved, now
        silence = now - self._heard_at
        if self._pending and silence >= BROKEN_AFTER:
            return failure.no_longer_answers(self._connection.endpoint.label)
        if silence >= PING_AFTER and (self._ping is None or self._ping.done):
            self._ping = Request("server.ping", {}, None, lambda: self._now)
            self.send(self._ping)
        self._answers.expire(now)
        return None

    def end(self, error: OutboardError) -> None:
        """Fail everything that has not ended."""
        requests = self.unfinished
        self.lane.close()
        self._pending.clear()
        self._jobs.clear()
        for request in requests:
            self._finish(request, None, error)

    def _post(self, request: Request) -> None:
        try:
            params = request.params
            if isinstance(request, Job):
                params = job_params(request, self._connection.outgoing)
            text = self._write(request.method, params)
        except OutboardError as error:
            if isinstance(request, Job):
                self._connection.outgoing.drop(request.upload_ids)
                self._end_job(request, None, error)
            else:
                self._finish(request, None, error)
            return
        self._pending[self._next_id] = request
        self._next_id += 1
        self._connection.send_text(text)

    def _retry(self, job: Job, reason: OutboardError) -> None:
        """Run a job again by the socket, as all that follow, because its files cannot be used."""
        self._logger.warning("Arrays go by the socket from now on: %s", reason.message)
        self.lane.give_up()
        self.lane.free(job)
        job.answer = job.fraction = job.message = None
        if job.cancel_wanted:
            self._end_job(job, None, OutboardError("CANCELLED", "The job was cancelled"))
        else:
            self._post(job)

    def _read_slot(self, job: Job, arrays: list[tuple[IncomingArray, int]]) -> None:
        self.lane.read(job, arrays, self._answers.complete, self._retry)

    def _write(self, method: str, params: dict[str, Any]) -> str:
        message = {"jsonrpc": "2.0", "id": self._next_id, "method": method, "params": params}
        try:
            text = json.dumps(message, allow_nan=False, default=_to_json)
        except (TypeError, ValueError, RecursionError) as error:
            reason = f"The parameters cannot be written as JSON: {error}"
            raise OutboardError("INVALID_PARAMS", reason) from error
        most = self.limits.get("maxTextBytes")
        # json.dumps writes ASCII: characters are bytes.
        if isinstance(most, int) and len(text) > most:
            reason = f"The request has {len(text)} bytes of JSON; the server accepts {most}"
            raise OutboardError("TOO_LARGE", reason)
        return text

    def _handle_item(self, item: Any) -> None:
        if not isinstance(item, dict):
            raise ProtocolViolation(f"a message that is no object: {str(item)[:80]}")
        if "method" in item:
            params = item.get("params")
            self._handle_notification(item["method"], params if isinstance(params, dict) else {})
        else:
            self._handle_answer(item)

    def _handle_notification(self, method: Any, params: dict[str, Any]) -> None:
        if method == "operations.changed" and isinstance(params.get("revision"), str):
            self.revision = params["revision"]
        if method == "lane.renewed":
            self.lane.renew(params)
        if method != "jobs.progress":
            return
        job = self._jobs.get(str(params.get("job")))
        fraction, text = params.get("fraction"), params.get("message")
        if job is None or job.cancel_wanted or not isinstance(fraction, int | float):
            return
        job.fraction = min(max(float(fraction), 0.0), 1.0)
        job.message = text if isinstance(text, str) else None
        if job.on_progress is not None:
            self._guard(job.on_progress, job.fraction, job.message)

    def _handle_answer(self, message: dict[str, Any]) -> None:
        request_id = message.get("id")
        if request_id is None:
            self._logger.warning("The server complained: %s", str(message.get("error"))[:300])
            return
        request = self._pending.get(request_id) if type(request_id) is int else None
        if request is None:
            raise ProtocolViolation(f"an answer to a question never asked: id {request_id!r}")
        result = message.get("result")
        outputs = result.get("outputs") if isinstance(result, dict) else None
        is_job = isinstance(request, Job)
        if "error" not in message and not isinstance(outputs if is_job else result, dict):
            raise ProtocolViolation(f"a useless answer to {request.method}: {str(message)[:120]}")
        del self._pending[request_id]
        if is_job:
            # Whatever the answer is, the server wants no more of the inputs.
            self._connection.outgoing.drop(request.upload_ids)
        if "error" in message:
            error = OutboardError.from_wire(message["error"])
            if is_job and error.code == "LANE_FAILED" and request.share is not None:
                self._retry(request, error)
            elif is_job:
                self._end_job(request, None, error)
            else:
                self._finish(request, None, error)
        elif is_job:
            self._answers.begin(request, result, outputs, self._now)
        else:
            self._finish(request, result, None)

    def _end_job(self, job: Job, result: JobResult | None, error: OutboardError | None) -> None:
        self._jobs.pop(job.name, None)
        self.lane.free(job)
        job.inputs = {}
        self._finish(job, result, error)


def _to_json(value: Any) -> Any:
    """Let numpy's numbers and small arrays stand among parameters."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is not JSON")
