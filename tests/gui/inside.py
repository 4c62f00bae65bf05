"""What the steps share: the panel's lines, the scene's values, the extension's modules."""

import importlib
from collections.abc import Callable, Iterator

import bpy
import hands
import numpy as np

# How much of the view a picture for the documentation shows.
BESIDE = 460
PACKAGE = "bl_ext.user_default.outboard"


class Player:
    """Steps and what they hand on to each other.

    `ask` sends a wish to the test outside.
    """

    def __init__(self, ask: Callable[..., Iterator[None]]) -> None:
        self.ask = ask
        self.before = None

    def line(self) -> str:
        """What the panel says about the connection."""
        return module("scene.connection").client().line

    def note(self, name: str) -> str:
        """What the panel says under a button."""
        note = module("scene.jobs").notes.get(name)
        return note.line if note else ""

    def take_picture(self, name: str, height: int) -> Iterator[None]:
        """Ask for a picture of the sidebar and what is beside it, for the documentation."""
        window, sidebar = hands.viewport()[0], hands.region("UI")
        left, right = sidebar.x - BESIDE, sidebar.x + sidebar.width
        top = window.height - sidebar.y - sidebar.height
        crop = f"{right - left}x{height}+{left}+{top}"
        yield from self.ask(do="picture", name=name, crop=crop)

    def start(self, name: str) -> object:
        """Start a job as its button does, where the mouse has no time to."""
        run, calls = (module(f"scene.{it}") for it in ("run", "calls"))
        call = calls.CALLS[name]
        return run.start(call, call.values(field(name)))

    def connect_with_a_grid(self) -> Iterator[None]:
        """Start the server, open the sidebar and add a grid, the active object."""
        yield from hands.until(lambda: hands.viewport()[0].width > 1000, "a large window")
        yield from self.ask(do="start server")
        yield from hands.key("N", hands.middle(hands.region("WINDOW")))
        yield from hands.until(lambda: hands.region("UI").width > 1, "the sidebar opens")
        hands.region("UI").active_panel_category = "Tools"
        listed = module("ui.generated").listed
        yield from hands.until(lambda: "transform_points" in listed, "the catalogue", 60)
        bpy.ops.mesh.primitive_grid_add(x_subdivisions=9, y_subdivisions=9)
        bpy.ops.ed.undo_push(message="Add Grid")
        yield from hands.pause(20)


def module(name: str) -> object:
    # Asked for each time: enabling the extension again imports it anew.
    return importlib.import_module(f"{PACKAGE}.{name}")


def field(name: str) -> bpy.types.PropertyGroup:
    return getattr(bpy.context.scene, f"outboard_{name}")


def cube() -> object:
    return bpy.data.objects["Cube"].location.copy()


def positions() -> np.ndarray:
    mesh = bpy.data.objects["Grid"].data
    flat = np.empty(len(mesh.vertices) * 3, np.float32)
    mesh.attributes["position"].data.foreach_get("vector", flat)
    return flat.reshape(-1, 3)


def rotation(euler: tuple[float, float, float]) -> np.ndarray:
    (cx, cy, cz), (sx, sy, sz) = np.cos(euler), np.sin(euler)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


def open_operation(name: str, search: str) -> Iterator[None]:
    """Type into the list's search; its only hit opens by itself, else the first is clicked on."""
    x, y = yield from hands.find("outboard_search")
    yield from hands.click(x, y, double=True)
    yield from hands.type_text(search, (x, y))
    manager = bpy.context.window_manager
    assert manager.outboard_search == search, manager.outboard_search
    yield from hands.pause(10)
    # Below the search stand the category and its first operation.
    for below in (57, 50, 64):
        if manager.outboard_opened == name:
            return
        yield from hands.click(x, y - below)
        yield from hands.pause(5)
    if manager.outboard_opened != name:
        raise hands.StepFailed(f"{name} does not open")
