"""Which jobs go by the same-host lane, and which slot each of them has."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .errors import OutboardError
from .incoming import IncomingArray
from .lane import Lane, Stretch
from .request import Job, LaneShare


class LaneJobs:
    """The jobs of one session that have a slot. Without a lane, no job has.

    Attributes
    ----------
    lane : Lane or None
        Once the server has given slots.
    """

    def __init__(self) -> None:
        self.lane: Lane | None = None
        self._jobs: dict[int, Job] = {}

    @property
    def in_use(self) -> bool:
        """Whether the next job's arrays go through files."""
        return self.lane is not None and self.lane.usable

    def take(
        self,
        job: Job,
        arrays: dict[str, np.ndarray],
        post: Callable[[Job], None],
        failed: Callable[[Job, OutboardError], None],
    ) -> bool:
        """Give a job a slot and put its large inputs there.

        Parameters
        ----------
        job : Job
        arrays : dict of str to np.ndarray
            Its inputs in wire form, kept by the job for a second try without the lane.
        post : callable
            Sends the job; called at once if there is nothing to be written.
        failed : callable
            Called with the job and the reason if its inputs cannot be written.

        Returns
        -------
        bool
            False if no slot is free: then nothing has happened.
        """
        slot = self.lane.claim() if self.lane is not None else None
        if slot is None:
            return False
        places, room = self.lane.place({name: array.nbytes for name, array in arrays.items()})
        job.inputs = arrays
        job.share = LaneShare(slot, places, room)
        self._jobs[slot] = job
        if not places:
            post(job)
            return True
        stretches = [Stretch(_bytes(arrays[name]), offset) for name, offset in places.items()]
        self.lane.write(slot, stretches, lambda: post(job), lambda error: failed(job, error))
        return True

    def read(
        self,
        job: Job,
        arrays: list[tuple[IncomingArray, int]],
        done: Callable[[Job], None],
        failed: Callable[[Job, OutboardError], None],
    ) -> None:
        """Fill outputs from the byte offsets where they lie in the job's slot."""

        def finish() -> None:
            for array, _ in arrays:
                array.fill()
            done(job)

        stretches = [Stretch(_bytes(array.array), offset) for array, offset in arrays]
        self.lane.read(job.share.slot, stretches, finish, lambda error: failed(job, error))

    def free(self, job: Job) -> None:
        """Take the slot from a job that has ended, or that goes on without."""
        share, job.share = job.share, None
        if share is not None and self._jobs.get(share.slot) is job:
            del self._jobs[share.slot]
            self.lane.release(share.slot)

    def renew(self, params: dict[str, Any]) -> None:
        """Take in that a slot has been replaced, because its job has failed."""
        slot, fresh = params.get("slot"), params.get("as")
        if self.lane is None or type(slot) is not int:
            return
        self._jobs.pop(slot, None)
        self.lane.renew(slot, fresh if type(fresh) is int else None)

    def give_up(self) -> None:
        """Put nothing more into files, for the rest of the session."""
        if self.lane is not None:
            self.lane.usable = False

    def step(self) -> bool:
        """Move one piece; tell whether there was one."""
        return self.lane is not None and self.lane.step()

    def close(self) -> None:
        """Let go of the files."""
        self._jobs.clear()
        if self.lane is not None:
            self.lane.close()


def _bytes(array: np.ndarray) -> memoryview:
    return memoryview(array.reshape(-1).view(np.uint8))
