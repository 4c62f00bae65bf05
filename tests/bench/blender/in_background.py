"""Runs inside `blender -b`: does what it is asked for until there is no more input."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "clients")]

import extension  # noqa: E402
import scene_jobs  # noqa: E402
from answer_requests import answer_requests  # noqa: E402

extension.connect()
answer_requests({**scene_jobs.FUNCTIONS, "import_time": extension.import_time})
