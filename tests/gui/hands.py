"""Mouse and keyboard inside Blender: simulated events, and buttons found by hovering over them."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import bpy

Steps = Iterator[None]
# Pixels between two hovers; a button is about 20 high.
SWEEP = 11
TICKS = 2
# Where things were found last: looked at first, for a sweep takes seconds.
_places: dict[str, tuple[float, float]] = {}


class StepFailed(AssertionError):  # noqa: N818 - reads as what happened
    """Something that a step waited for or looked for did not come."""


def viewport() -> tuple[bpy.types.Window, bpy.types.Area]:
    """The first 3D viewport and its window."""
    window = bpy.context.window_manager.windows[0]
    return window, next(area for area in window.screen.areas if area.type == "VIEW_3D")


def region(kind: str) -> bpy.types.Region:
    """A region of the viewport: WINDOW, UI (the sidebar)."""
    return next(it for it in viewport()[1].regions if it.type == kind)


def in_viewport() -> AbstractContextManager:
    """A context in which operators find the viewport."""
    window, area = viewport()
    return bpy.context.temp_override(window=window, area=area, region=region("WINDOW"))


def until(condition: Callable[[], bool], what: str, timeout: float = 10.0) -> Steps:
    """Let Blender go on until something is so."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            raise StepFailed(f"not within {timeout} s: {what}")
        yield


def pause(ticks: int = TICKS) -> Steps:
    """Let Blender handle what it was given."""
    for _ in range(ticks):
        yield


def move(x: float, y: float) -> Steps:
    """Put the mouse somewhere, in window pixels from the lower left."""
    window, _ = viewport()
    window.event_simulate(type="MOUSEMOVE", value="NOTHING", x=int(x), y=int(y))
    yield from pause()


def click(x: float, y: float, double: bool = False) -> Steps:
    """Click with the left button."""
    window, _ = viewport()
    yield from move(x, y)
    for _ in range(2 if double else 1):
        for value in ("PRESS", "RELEASE"):
            window.event_simulate(type="LEFTMOUSE", value=value, x=int(x), y=int(y))
            yield from pause(2)


def key(kind: str, at: tuple[float, float], text: str = "", **modifiers: bool) -> Steps:
    """Press and let go of a key."""
    window, _ = viewport()
    x, y = int(at[0]), int(at[1])
    for value in ("PRESS", "RELEASE"):
        extra = {"unicode": text} if text and value == "PRESS" else {}
        window.event_simulate(type=kind, value=value, x=x, y=y, **extra, **modifiers)
        yield from pause(2)


DIGITS = {
    **dict(zip("01234", ("ZERO", "ONE", "TWO", "THREE", "FOUR"), strict=True)),
    **dict(zip("56789", ("FIVE", "SIX", "SEVEN", "EIGHT", "NINE"), strict=True)),
    ".": "PERIOD",
    "-": "MINUS",
}


def type_text(text: str, at: tuple[float, float]) -> Steps:
    """Replace what stands in the field that is being edited by small letters."""
    yield from key("A", at, ctrl=True)
    yield from key("BACK_SPACE", at)
    for letter in text:
        yield from key(letter.upper(), at, text=letter)
    yield from key("RET", at)


def type_number(text: str, at: tuple[float, float]) -> Steps:
    """Replace what stands in the field that is being edited."""
    yield from key("A", at, ctrl=True)
    for letter in text:
        yield from key(DIGITS[letter], at, text=letter)
    yield from key("RET", at)


def middle(of: bpy.types.Region) -> tuple[float, float]:
    """The middle of a region, in window pixels."""
    return of.x + of.width / 2, of.y + of.height / 2


def hovered() -> str:
    """What the mouse is over in the sidebar: an operator's call or a property's path."""
    window, area = viewport()
    manager = bpy.context.window_manager
    with bpy.context.temp_override(window=window, area=area, region=region("UI")):
        for copy in (
            bpy.ops.ui.copy_python_command_button,
            partial(bpy.ops.ui.copy_data_path_button, full_path=True),
        ):
            manager.clipboard = ""
            try:
                copy()
            except RuntimeError:
                # Nothing of this kind is under the mouse.
                continue
            if manager.clipboard:
                return manager.clipboard
    return ""


def scroll(direction: str) -> Steps:
    """Scroll the sidebar to its top (UP) or end (DOWN) with the wheel."""
    x, y = middle(region("UI"))
    yield from move(x, y)
    for _ in range(20):
        viewport()[0].event_simulate(
            type=f"WHEEL{direction}MOUSE", value="PRESS", x=int(x), y=int(y)
        )
        yield


def find(wanted: str, share: float = 0.5, from_below: bool = False) -> Iterator[None]:
    """Sweep over the sidebar until the mouse is over `wanted`; gives its place.

    `share` is how far from the left edge, 0 to 1. It sweeps from the top unless `from_below`.
    """
    if wanted in _places:
        yield from move(*_places[wanted])
        if wanted in hovered():
            return _places[wanted]
    sidebar = region("UI")
    x = sidebar.x + sidebar.width * share
    heights = range(4, sidebar.height, SWEEP)
    for height in heights if from_below else reversed(heights):
        yield from move(x, sidebar.y + height)
        if wanted in hovered():
            # A little further in, to be off the edge.
            _places[wanted] = (x, sidebar.y + height + (4 if from_below else -4))
            return _places[wanted]
    raise StepFailed(f"{wanted} is not in the sidebar")


def click_button(wanted: str, share: float = 0.5, from_below: bool = False) -> Steps:
    """Find an operator's button in the sidebar and click it."""
    x, y = yield from find(wanted, share, from_below)
    yield from click(x, y)


def drag(start: tuple[float, float], end: tuple[float, float], moves: int) -> Steps:
    """Press the left button, move the mouse in so many moves, and let go."""
    window, _ = viewport()
    yield from move(*start)
    x, y = start
    window.event_simulate(type="LEFTMOUSE", value="PRESS", x=int(x), y=int(y))
    yield from pause()
    for number in range(1, moves + 1):
        x, y = (a + (b - a) * number / moves for a, b in zip(start, end, strict=True))
        yield from move(x, y)
    window.event_simulate(type="LEFTMOUSE", value="RELEASE", x=int(x), y=int(y))
    yield from pause()


def open_f9() -> Iterator[None]:
    """Open the popup of F9 over the viewport; gives the place of its first field."""
    at = middle(region("WINDOW"))
    yield from move(*at)
    yield from pause(10)
    yield from key("F9", at)
    yield from pause(10)
    # It opens with the mouse on its title, at the left; below that stand the presets.
    return at[0] + 200, at[1] - 73


def close_f9(place: tuple[float, float]) -> Steps:
    """Close the popup."""
    yield from key("ESC", place)
    yield from move(*middle(region("WINDOW")))
