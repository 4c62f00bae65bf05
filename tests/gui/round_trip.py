"""The script: from Connect without a server to a server that died and came back."""

import importlib
from collections.abc import Callable, Iterator

import bpy
import hands
import numpy as np
from mathutils import Vector

PACKAGE = "bl_ext.user_default.outboard"
ROWS, COLUMNS = 250, 400
MOVE = (0.25, -1.5, 2.0)
TURN = (0.3, -0.2, 0.9)
SCALE = (1.0, 2.0, 0.5)

Step = Callable[[], Iterator[None]]


def steps(ask: Callable[..., Iterator[None]]) -> Iterator[tuple[str, Step]]:
    """Name every step in order; each is played to its end before the next is asked for."""
    play = RoundTrip(ask)
    yield "open the panel", play.open_the_panel
    yield "press disconnect", play.press_disconnect
    yield "connect without a server", play.connect_without_a_server
    yield "server starts", play.server_starts
    yield "test call", play.test_call
    yield "move cube", play.move_cube
    yield "undo", play.undo
    yield "redo panel", play.redo_panel
    yield "redo too late", play.redo_too_late
    yield "wait for a grab", play.wait_for_a_grab
    yield "cancel", play.cancel
    yield "transform mesh", play.transform_mesh
    yield "undo mesh", play.undo_mesh
    yield "picture", play.picture
    yield "transform objects", play.transform_objects
    yield "server is killed", play.server_is_killed
    yield "server comes back", play.server_comes_back
    yield "open a file", play.open_a_file
    yield "preferences", play.preferences
    yield "disable and enable", play.disable_and_enable


class RoundTrip:
    """The steps and what they hand on to each other."""

    def __init__(self, ask: Callable[..., Iterator[None]]) -> None:
        self.ask = ask
        self.before = None

    def line(self) -> str:
        """What the panel says about the connection."""
        return _module("scene.connection").client().line

    def note(self, name: str) -> str:
        """What the panel says under a button."""
        note = _module("scene.jobs").notes.get(name)
        return note.line if note else ""

    def open_the_panel(self) -> Iterator[None]:
        # The first window may be small until the screen has told its size.
        yield from hands.until(lambda: hands.viewport()[0].width > 1000, "a large window")
        yield from hands.key("N", hands.middle(hands.region("WINDOW")))
        yield from hands.until(lambda: hands.region("UI").width > 1, "the sidebar opens")
        # A wide sidebar shows its labels whole; the default one is looked at in the first steps.
        hands.region("UI").active_panel_category = "Tools"
        yield from hands.pause(10)
        return self.line()

    def press_disconnect(self) -> Iterator[None]:
        # The preference to connect at start-up is on: it was looking for a server already.
        yield from hands.click_button("outboard.disconnect")
        yield from hands.until(lambda: "press Connect" in self.line(), "disconnected")
        return self.line()

    def connect_without_a_server(self) -> Iterator[None]:
        yield from hands.click_button("outboard.connect")
        yield from hands.until(lambda: "No Outboard server" in self.line(), "it says so")
        return self.line()

    def server_starts(self) -> Iterator[None]:
        yield from self.ask(do="start server")
        yield from hands.until(lambda: "Connected" in self.line(), "connected by itself", 60)
        return self.line()

    def test_call(self) -> Iterator[None]:
        yield from hands.click_button("outboard.test_call_server")
        yield from hands.until(lambda: " ms" in self.note("test_call_server"), "an answer")
        return self.note("test_call_server")

    def move_cube(self) -> Iterator[None]:
        at = yield from hands.find("outboard_move_cube_random.distance", share=0.7)
        yield from hands.click(*at, double=True)
        yield from hands.type_number("2", at)
        assert _field("move_cube_random").distance == 2, "the number that was typed"
        yield from hands.click_button("outboard.move_cube_random")
        yield from hands.until(lambda: _cube().length > 0, "the cube moved")
        yield from hands.until(lambda: "moved" in self.note("move_cube_random"), "a result line")
        assert abs(_cube().length - 2) < 1e-5, _cube()
        return f"{_cube()}, {self.note('move_cube_random')}"

    def undo(self) -> Iterator[None]:
        at = hands.middle(hands.region("WINDOW"))
        yield from hands.move(*at)
        yield from hands.key("Z", at, ctrl=True)
        yield from hands.until(lambda: _cube().length == 0, "the cube is back")
        yield from hands.key("Z", at, ctrl=True, shift=True)
        yield from hands.until(lambda: _cube().length > 0, "redo moves it again")
        yield from hands.key("Z", at, ctrl=True)
        yield from hands.until(lambda: _cube().length == 0, "and undo takes it back again")

    def redo_panel(self) -> Iterator[None]:
        yield from hands.click_button("outboard.move_cube_random")
        yield from hands.until(lambda: _cube().length > 0, "the cube moved")
        direction = _cube().normalized()
        yield from self.adjust_distance("5")
        yield from hands.until(lambda: abs(_cube().length - 5) < 1e-4, "distance 5 in F9")
        assert (_cube().normalized() - direction).length < 1e-5, "the seed was kept"
        return self.note("move_cube_random")

    def redo_too_late(self) -> Iterator[None]:
        # As if the server took longer than F9 may wait: the old result stays, then the new comes.
        run = _module("scene.run")
        wait, run.REDO_WAIT = run.REDO_WAIT, 0.0
        yield from self.adjust_distance("3")
        yield from hands.until(lambda: abs(_cube().length - 3) < 1e-4, "distance 3 after F9")
        run.REDO_WAIT = wait
        at = hands.middle(hands.region("WINDOW"))
        yield from hands.key("Z", at, ctrl=True)
        yield from hands.until(lambda: _cube().length == 0, "one undo step takes it all back")

    def adjust_distance(self, text: str) -> Iterator[None]:
        """Change the distance in the popup of F9, and close the popup."""
        at = hands.middle(hands.region("WINDOW"))
        yield from hands.move(*at)
        yield from hands.pause(10)
        yield from hands.key("F9", at)
        yield from hands.pause(10)
        # The popup opens with the mouse on its title, at the left.
        field = (at[0] + 200, at[1] - 50)
        yield from hands.click(*field, double=True)
        yield from hands.type_number(text, field)
        yield from self.ask(do="shoot", name=f"round_trip_f9_{text}")
        yield from hands.key("ESC", field)
        yield from hands.move(*at)

    def wait_for_a_grab(self) -> Iterator[None]:
        at = hands.middle(hands.region("WINDOW"))
        yield from hands.move(*at)
        yield from hands.key("G", at)
        job = self.start("move_cube_random")
        yield from hands.until(lambda: "Waiting for" in job.waiting, "it waits for the grab")
        yield from hands.pause(10)
        line = job.waiting
        yield from self.ask(do="shoot", name="round_trip_waiting")
        assert _cube().length == 0
        yield from hands.key("ESC", at)
        yield from hands.until(lambda: _cube().length > 0, "it is applied after the grab")
        yield from hands.key("Z", at, ctrl=True)
        yield from hands.until(lambda: _cube().length == 0, "undo")
        return line

    def cancel(self) -> Iterator[None]:
        apply = _module("scene.apply")
        waiting_for, apply.waiting_for = apply.waiting_for, lambda: "Held by the test"
        job = self.start("move_cube_random")
        yield from hands.until(lambda: bool(job.waiting), "the job is held")
        yield from hands.pause(10)
        yield from self.ask(do="shoot", name="round_trip_progress")
        # The cross stands at the right end of the row.
        x, y = yield from hands.find("outboard.cancel_job", share=0.83)
        yield from hands.click(x, y)
        yield from hands.until(lambda: not job.is_unfinished, "cancelled")
        apply.waiting_for = waiting_for
        assert _cube().length == 0
        return job.line

    def start(self, name: str) -> object:
        """Start a job as its button does, where the mouse has no time to."""
        run, calls, write = (_module(f"scene.{it}") for it in ("run", "calls", "write"))
        call = calls.CALLS[name]
        objects = write.TARGETS[call.target].pick(bpy.context)
        return run.start(call, call.values(_field(name)), objects)

    def transform_mesh(self) -> Iterator[None]:
        bpy.ops.mesh.primitive_grid_add(x_subdivisions=COLUMNS - 1, y_subdivisions=ROWS - 1)
        bpy.ops.ed.undo_push(message="Add Grid")
        fields = _field("transform_mesh")
        fields.translation, fields.rotation, fields.scale = MOVE, TURN, SCALE
        yield from hands.pause()
        self.before = _positions()
        assert self.before.shape == (ROWS * COLUMNS, 3)
        yield from _open_part("transform_mesh", below="move_cube_random")
        yield from hands.click_button("outboard.transform_mesh")
        yield from hands.until(lambda: "vertices" in self.note("transform_mesh"), "a result")
        wanted = self.before.astype(np.float64) * SCALE @ _rotation(TURN).T + MOVE
        worst = np.abs(_positions() - wanted).max()
        assert worst < 1e-6, worst
        return f"{self.note('transform_mesh')}; off by at most {worst:.1e}"

    def undo_mesh(self) -> Iterator[None]:
        at = hands.middle(hands.region("WINDOW"))
        yield from hands.move(*at)
        yield from hands.key("Z", at, ctrl=True)
        yield from hands.until(lambda: np.array_equal(_positions(), self.before), "it is back")

    def transform_objects(self) -> Iterator[None]:
        for ob in bpy.context.scene.objects:
            ob.select_set(ob.name in ("Cube", "Grid"))
        before = _cube()
        fields = _field("transform_objects")
        fields.translation = (0, 0, 3)
        fields.random_rotation = (0, 0, 1)
        yield from hands.scroll("DOWN")
        yield from _open_part("transform_objects", below="transform_mesh")
        yield from hands.scroll("DOWN")
        yield from hands.click_button("outboard.transform_objects")
        yield from hands.until(lambda: "objects" in self.note("transform_objects"), "a result")
        assert (_cube() - before - Vector((0, 0, 3))).length < 1e-5, (before, _cube())
        return self.note("transform_objects")

    def picture(self) -> Iterator[None]:
        yield from hands.click_button("outboard.move_cube_random")
        yield from hands.until(lambda: "moved" in self.note("move_cube_random"), "a result")
        yield from hands.move(*hands.middle(hands.region("WINDOW")))
        yield from hands.pause(20)
        window, sidebar = hands.viewport()[0], hands.region("UI")
        left, right = sidebar.x - 460, sidebar.x + sidebar.width
        top = window.height - sidebar.y - sidebar.height
        yield from self.ask(do="picture", crop=f"{right - left}x720+{left}+{top}")

    def server_is_killed(self) -> Iterator[None]:
        yield from self.ask(do="kill server")
        yield from hands.until(lambda: "Connected" not in self.line(), "it notices", 20)
        yield from hands.pause(20)
        return self.line()

    def server_comes_back(self) -> Iterator[None]:
        yield from self.ask(do="start server")
        yield from hands.until(lambda: "Connected" in self.line(), "connected again", 60)
        yield from hands.scroll("UP")
        yield from hands.click_button("outboard.test_call_server")
        yield from hands.until(lambda: " ms" in self.note("test_call_server"), "an answer")
        return self.line()

    def open_a_file(self) -> Iterator[None]:
        apply = _module("scene.apply")
        waiting_for, apply.waiting_for = apply.waiting_for, lambda: "Held by the test"
        job = self.start("move_cube_random")
        yield from hands.until(lambda: bool(job.waiting), "the job is held")
        bpy.ops.wm.read_homefile()
        apply.waiting_for = waiting_for
        yield from hands.until(lambda: not job.is_unfinished, "the job is dropped")
        yield from hands.pause(20)
        assert _cube().length == 0
        assert "Connected" in self.line(), self.line()
        return job.line

    def preferences(self) -> Iterator[None]:
        bpy.ops.screen.userpref_show()
        manager = bpy.context.window_manager
        bpy.context.preferences.active_section = "ADDONS"
        manager.addon_search = "Outboard"
        bpy.ops.preferences.addon_expand(module=PACKAGE)
        chosen = _module("scene.connection").preferences()
        chosen.address, chosen.token = "wss://render.example:8470/ws", "secret"
        yield from hands.pause(20)
        yield from self.ask(do="shoot", name="round_trip_preferences")
        chosen.address = chosen.token = ""
        window = manager.windows[-1]
        with bpy.context.temp_override(window=window):
            bpy.ops.wm.window_close()
        yield from hands.pause(10)
        return f"{len(manager.windows)} window"

    def disable_and_enable(self) -> Iterator[None]:
        for _ in range(10):
            bpy.ops.preferences.addon_disable(module=PACKAGE)
            yield from hands.pause()
            assert not hasattr(bpy.types.Scene, "outboard_transform_mesh")
            bpy.ops.preferences.addon_enable(module=PACKAGE)
            yield from hands.until(lambda: "Connected" in self.line(), "connected", 20)
        timers = [it for it in [_module("scene.pump").tick] if bpy.app.timers.is_registered(it)]
        assert len(timers) == 1
        return self.line()


def _module(name: str) -> object:
    # Asked for each time: enabling the extension again imports it anew.
    return importlib.import_module(f"{PACKAGE}.{name}")


def _field(name: str) -> bpy.types.PropertyGroup:
    return getattr(bpy.context.scene, f"outboard_{name}")


def _cube() -> object:
    return bpy.data.objects["Cube"].location.copy()


def _positions() -> np.ndarray:
    mesh = bpy.data.objects["Grid"].data
    flat = np.empty(len(mesh.vertices) * 3, np.float32)
    mesh.attributes["position"].data.foreach_get("vector", flat)
    return flat.reshape(-1, 3)


def _rotation(euler: tuple[float, float, float]) -> np.ndarray:
    (cx, cy, cz), (sx, sy, sz) = np.cos(euler), np.sin(euler)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


def _open_part(name: str, below: str) -> Iterator[None]:
    """Click on the header of a part of the panel, which stands somewhere below a button."""
    x, y = yield from hands.find(f"outboard.{below}")
    for at in range(int(y) - 20, int(hands.region("UI").y) + 40, -10):
        yield from hands.click(x - 60, at)
        yield from hands.pause(5)
        for probe in (at - 20, at - 30):
            yield from hands.move(x + 60, probe)
            if f"outboard_{name}." in hands.hovered():
                return
    raise hands.StepFailed(f"the part {name} does not open")
