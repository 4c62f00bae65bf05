"""The script: from Connect without a server to a server that died and came back."""

from collections.abc import Callable, Iterator

import bpy
import hands
from cube_steps import CubeSteps
from inside import PACKAGE, cube, module
from transform_steps import TransformSteps

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
    yield "transform points", play.transform_points
    yield "undo mesh", play.undo_mesh
    yield "picture", play.picture
    yield "transform objects", play.transform_objects
    yield "server is killed", play.server_is_killed
    yield "server comes back", play.server_comes_back
    yield "open a file", play.open_a_file
    yield "preferences", play.preferences
    yield "disable and enable", play.disable_and_enable


class RoundTrip(CubeSteps, TransformSteps):
    """All steps; those with the connection, the file and the preferences are here."""

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
        apply = module("scene.apply")
        waiting_for, apply.waiting_for = apply.waiting_for, lambda: "Held by the test"
        job = self.start("move_cube_random")
        yield from hands.until(lambda: bool(job.waiting), "the job is held")
        bpy.ops.wm.read_homefile()
        apply.waiting_for = waiting_for
        yield from hands.until(lambda: not job.is_unfinished, "the job is dropped")
        yield from hands.pause(20)
        assert cube().length == 0
        assert "Connected" in self.line(), self.line()
        return job.line

    def preferences(self) -> Iterator[None]:
        bpy.ops.screen.userpref_show()
        manager = bpy.context.window_manager
        bpy.context.preferences.active_section = "ADDONS"
        manager.addon_search = "Outboard"
        bpy.ops.preferences.addon_expand(module=PACKAGE)
        chosen = module("scene.connection").preferences()
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
            assert not hasattr(bpy.types.Scene, "outboard_transform_points")
            bpy.ops.preferences.addon_enable(module=PACKAGE)
            yield from hands.until(lambda: "Connected" in self.line(), "connected", 20)
        timers = [it for it in [module("scene.pump").tick] if bpy.app.timers.is_registered(it)]
        assert len(timers) == 1
        return self.line()
