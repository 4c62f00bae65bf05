"""Runs inside Blender: plays the steps of a script one after the other and writes a report."""

import importlib
import itertools
import json
import os
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).parent))
MAIL = Path(os.environ["OUTBOARD_GUI_MAIL"])
TICK = 0.02

_numbers = itertools.count()


def ask(**wish: str) -> Iterator[None]:
    """Ask the test outside for something only it can do, and wait until it is done."""
    letter = MAIL / f"{next(_numbers):04}.request"
    draft = letter.with_suffix(".draft")
    draft.write_text(json.dumps(wish))
    draft.rename(letter)
    while not letter.with_suffix(".done").exists():
        yield


def play(script: str) -> Iterator[None]:
    """Play the script's steps until one fails; write the report; end Blender."""
    report = []
    for name, step in importlib.import_module(script).steps(ask):
        start = time.monotonic()
        entry = {"step": name, "ok": True, "detail": ""}
        try:
            entry["detail"] = (yield from step()) or ""
        except Exception as error:  # noqa: BLE001 - every failure belongs into the report
            traceback.print_exc()
            entry.update(ok=False, detail=f"{type(error).__name__}: {error}")
        entry["seconds"] = round(time.monotonic() - start, 2)
        report.append(entry)
        print("STEP", json.dumps(entry), flush=True)
        yield from ask(do="shoot", name=f"{script}_{len(report):02}_{name.replace(' ', '_')}")
        if not entry["ok"]:
            break
    (MAIL / "report.json").write_text(json.dumps(report))
    bpy.ops.wm.quit_blender()


def main() -> None:
    """Prepare a calm Blender and start to play once its window stands."""
    preferences = bpy.context.preferences
    preferences.view.show_splash = False
    preferences.view.use_save_prompt = False
    preferences.view.smooth_view = 0
    # Drawing in software is what takes most of the time here.
    preferences.system.viewport_aa = "OFF"
    playing = play(sys.argv[sys.argv.index("--") + 1])

    def tick() -> float | None:
        return TICK if next(playing, tick) is None else None

    bpy.app.timers.register(tick, first_interval=1.0, persistent=True)


main()
