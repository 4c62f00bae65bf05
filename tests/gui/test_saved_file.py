"""A file saved in an operations folder is a panel in a running Blender, within two seconds.

OUTBOARD_PANELS=docs makes the picture of it, saved_file.png, as well.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from .stage import Blender, Screen, screen_or_skip

STEPS = [
    *("connect", "save a file", "run it", "change its range", "write nonsense"),
    *("break it", "mend it", "delete it"),
    "save the guide's file",
]


@pytest.fixture
def screen() -> Iterator[Screen]:
    yield from screen_or_skip()


def test_a_saved_file_is_a_panel(screen: Screen, tmp_path: Path) -> None:
    program = os.environ.get("OUTBOARD_BLENDER")
    if not program:
        pytest.skip("OUTBOARD_BLENDER is not set: set it to a Blender 4.2 or newer, blender.org's")
    folder = tmp_path / "operations"
    folder.mkdir()
    blender = Blender(program, tmp_path, screen)
    blender.server.flags = ["--operations", str(folder)]
    blender.env["OUTBOARD_GUI_OPERATIONS"] = str(folder)
    blender.install()
    report = blender.play("saved_file", timeout=180)
    said = blender.log.read_text(errors="replace")
    print(said)
    assert not [entry for entry in report if not entry["ok"]]
    assert [entry["step"] for entry in report] == STEPS
    assert "Traceback" not in said
