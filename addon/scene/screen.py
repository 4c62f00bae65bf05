"""Windows and regions: where an operator can run, and what has to be drawn again."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass

import bpy

# Seconds between two redraws of the panel: ten a second look alive and cost little.
REDRAW = 0.1


@dataclass
class View:
    """What the panel showed last, and when."""

    shown: object = None
    at: float = 0.0


def redraw_panels(view: View, changed: object) -> None:
    """Draw the sidebars again if what they show is not `view.shown` any more."""
    now = time.monotonic()
    if changed == view.shown or now - view.at < REDRAW:
        return
    view.shown, view.at = changed, now
    tag_panels()


def tag_panels() -> None:
    """Have the sidebars drawn again before the next tick."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                for region in area.regions:
                    if region.type == "UI":
                        region.tag_redraw()


@contextlib.contextmanager
def in_view() -> Iterator[None]:
    """Give a context with a 3D viewport, where undo and F9 work; as it is if there is none."""
    # In the background the windows of the start-up file are there, but not to be used.
    windows = () if bpy.app.background else bpy.context.window_manager.windows
    for window in windows:
        for area in window.screen.areas:
            region = next((it for it in area.regions if it.type == "WINDOW"), None)
            if area.type == "VIEW_3D" and region:
                with bpy.context.temp_override(window=window, area=area, region=region):
                    yield
                return
    yield
