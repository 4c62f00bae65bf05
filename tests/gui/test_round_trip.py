"""The whole way in a real Blender window: clicks, the scene, the server coming and going.

A picture of the screen after every step is kept in tests/gui/screenshots, which git ignores.
OUTBOARD_PANELS=docs makes the picture for the README, panel.png, as well.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from .stage import Blender, Screen, screen_or_skip

STEPS = [
    "open the panel",
    "press disconnect",
    "connect without a server",
    "server starts",
    "test call",
    "move cube",
    "undo",
    "redo panel",
    "redo too late",
    "wait for a grab",
    "cancel",
    "transform points",
    "undo mesh",
    "picture",
    "transform objects",
    "server is killed",
    "server comes back",
    "open a file",
    "preferences",
    "disable and enable",
]


@pytest.fixture
def screen() -> Iterator[Screen]:
    yield from screen_or_skip()


def test_every_step_of_the_round_trip_works(screen: Screen, tmp_path: Path) -> None:
    program = os.environ.get("OUTBOARD_BLENDER")
    if not program:
        pytest.skip("OUTBOARD_BLENDER is not set: set it to a Blender 4.2 or newer, blender.org's")
    blender = Blender(program, tmp_path, screen)
    blender.install()
    report = blender.play("round_trip", timeout=240)
    said = blender.log.read_text(errors="replace")
    print(said)
    failed = [entry for entry in report if not entry["ok"]]
    assert not failed
    assert [entry["step"] for entry in report] == STEPS
    # What a draw function or a handler raises is seen nowhere else.
    assert "Traceback" not in said
    # It was connected when it quit.
    assert blender.seconds_to_quit < 5
