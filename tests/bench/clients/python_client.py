"""The Python side of the benchmark: clients of several kinds, and numpy in the same process."""

from import_addon import import_addon

import_addon()

import array_frames  # noqa: E402
import bridge_jobs  # noqa: E402
import numpy_work  # noqa: E402
import small_jobs  # noqa: E402
from answer_requests import answer_requests  # noqa: E402

FUNCTIONS = {
    **small_jobs.FUNCTIONS,
    **array_frames.FUNCTIONS,
    **bridge_jobs.FUNCTIONS,
    **numpy_work.FUNCTIONS,
}

answer_requests(FUNCTIONS)
