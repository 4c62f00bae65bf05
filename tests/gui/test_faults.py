"""What the user does while a job runs harms nothing: a plain line says why nothing was applied."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from .stage import Blender, Screen, screen_or_skip

OPERATIONS = Path(__file__).parent / "operations"
STEPS = [
    *("connect", "delete", "rename", "single user", "more vertices", "edit mode", "grab", "undo"),
    *("another file", "disable"),
]


@pytest.fixture
def screen() -> Iterator[Screen]:
    yield from screen_or_skip()


def test_every_fault_leaves_the_scene_unharmed(screen: Screen, tmp_path: Path) -> None:
    program = os.environ.get("OUTBOARD_BLENDER")
    if not program:
        pytest.skip("OUTBOARD_BLENDER is not set: set it to a Blender 4.2 or newer, blender.org's")
    folder = shutil.copytree(OPERATIONS, tmp_path / "operations")
    blender = Blender(program, tmp_path, screen)
    blender.server.flags = ["--operations", str(folder), "--threads", "1"]
    blender.env["OUTBOARD_GUI_OPERATIONS"] = str(folder)
    blender.install()
    report = blender.play("faults", timeout=180)
    said = blender.log.read_text(errors="replace")
    print(said)
    assert not [entry for entry in report if not entry["ok"]]
    assert [entry["step"] for entry in report] == STEPS
    assert "Traceback" not in said
