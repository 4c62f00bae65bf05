"""Each operation is run by its operator in a real Blender, checked, and its picture taken.

OUTBOARD_PICTURES=docs/operations keeps the pictures; `deno task pictures` does that.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ..stage import ROOT, Blender

RECIPES = sorted(it.stem for it in (Path(__file__).parent / "recipes").glob("*.py"))
# Fewer colours make a picture a third of the size.
SMALLER = ["-depth", "8", "+dither", "-colors", "72", "-define", "png:compression-level=9"]
WITHIN = 240


@pytest.fixture
def blender(tmp_path: Path) -> Blender:
    program = os.environ.get("OUTBOARD_BLENDER")
    if not program:
        pytest.skip("OUTBOARD_BLENDER is not set: set it to a Blender 4.2 or newer, blender.org's")
    return Blender(program, tmp_path)


def test_every_operation_has_its_picture_taken(blender: Blender, tmp_path: Path) -> None:
    wanted = os.environ.get("OUTBOARD_PICTURES_OF", "").split() or RECIPES
    taken = tmp_path / "taken"
    taken.mkdir()
    blender.install()
    blender.server.start()
    said = blender.run_in_background(
        "tests/gui/pictures/take.py", str(taken), *wanted, timeout=WITHIN
    )
    lines = [line for line in said.splitlines() if line.startswith("PICTURE ")]
    assert [json.loads(line[8:])["name"] for line in lines] == wanted
    assert "Traceback" not in said
    for name in wanted:
        picture = taken / f"{name}.png"
        assert colours(picture) > 100, f"{name} shows nothing"
        subprocess.run(["mogrify", *SMALLER, "-strip", f"PNG8:{picture}"], check=True, timeout=60)
        if folder := os.environ.get("OUTBOARD_PICTURES"):
            shutil.copy(picture, ROOT / folder / picture.name)


def colours(picture: Path) -> int:
    """Count the colours of a picture."""
    command = ["identify", "-format", "%k", str(picture)]
    return int(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)
