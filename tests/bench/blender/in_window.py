"""Runs inside a Blender with a window: does what it is asked for, and lets Blender live."""

import json
import os
import select
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import bpy

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "clients")]

import window_jobs  # noqa: E402
from answer_requests import MARK  # noqa: E402

# Seconds between two looks for a request, and between two steps of what is being done.
LOOK, STEP = 0.1, 0.02

_doing: list[Iterator[float | None]] = []


def answer(**said: object) -> None:
    print(MARK + json.dumps(said), flush=True)


def request() -> str | None:
    """The next request, if there is one; empty at the end of all requests."""
    return sys.stdin.readline() if select.select([sys.stdin], [], [], 0)[0] else None


def tick() -> float | None:
    if not _doing:
        line = request()
        if line == "":
            # Nothing is worth saving, and quitting in good order asks whether it is.
            os._exit(0)
        if line is None:
            return LOOK
        wish = json.loads(line)
        _doing.append(window_jobs.FUNCTIONS[wish.pop("do")](**wish))
    try:
        # It may say in how many seconds it wants to go on.
        return next(_doing[0]) or STEP
    except StopIteration as done:
        _doing.clear()
        answer(result=done.value)
    except Exception:  # noqa: BLE001 - whatever it is, it is told to the one who asked
        _doing.clear()
        answer(error=traceback.format_exc())
    return STEP


preferences = bpy.context.preferences
preferences.view.show_splash = False
preferences.view.use_save_prompt = False
bpy.app.timers.register(tick, first_interval=1.0, persistent=True)
