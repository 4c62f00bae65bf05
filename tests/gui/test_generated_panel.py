"""A generated panel by clicks: fields, lists, presets, sources and targets; undo, F9, cancel."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from .stage import Blender, Screen, screen_or_skip

OPERATIONS = Path(__file__).parent / "operations"
STEPS = [
    *("connect", "look at the fields", "change a list", "open from and to", "keep a preset"),
    *("write an attribute", "reset", "run and undo", "adjust in F9", "drag in F9", "cancel"),
]


@pytest.fixture
def screen() -> Iterator[Screen]:
    yield from screen_or_skip()


def test_a_generated_panel_works(screen: Screen, tmp_path: Path) -> None:
    program = os.environ.get("OUTBOARD_BLENDER")
    if not program:
        pytest.skip("OUTBOARD_BLENDER is not set: set it to a Blender 4.2 or newer, blender.org's")
    blender = Blender(program, tmp_path, screen)
    blender.server.flags = ["--operations", str(OPERATIONS), "--threads", "1"]
    blender.install()
    report = blender.play("generated_panel", timeout=180)
    said = blender.log.read_text(errors="replace")
    print(said)
    assert not [entry for entry in report if not entry["ok"]]
    assert [entry["step"] for entry in report] == STEPS
    assert "Traceback" not in said
