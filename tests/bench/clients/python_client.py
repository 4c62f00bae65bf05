"""The Python side of the benchmark: clients of several kinds, and numpy in the same process."""

import importlib.util
import sys
from pathlib import Path

ADDON = Path(__file__).resolve().parents[3] / "addon"


def import_addon() -> None:
    """Import addon/ as the package `outboard`, whatever folder it lies in."""
    spec = importlib.util.spec_from_file_location(
        "outboard", ADDON / "__init__.py", submodule_search_locations=[str(ADDON)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["outboard"] = module
    spec.loader.exec_module(module)


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
