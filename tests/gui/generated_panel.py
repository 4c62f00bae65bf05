"""The script: a generated panel's fields, lists, presets, choices; run, undo, F9, cancel."""

from collections.abc import Callable, Iterator

import bpy
import hands
import numpy as np
from inside import Player, field, module, open_operation, positions


def steps(ask: Callable[..., Iterator[None]]) -> Iterator[tuple[str, Callable]]:
    """Name every step in order."""
    play = GeneratedPanel(ask)
    yield "connect", play.connect_with_a_grid
    yield "look at the fields", play.look_at_the_fields
    yield "change a list", play.change_a_list
    yield "open from and to", play.open_from_and_to
    yield "keep a preset", play.keep_a_preset
    yield "write an attribute", play.write_an_attribute
    yield "reset", play.reset
    yield "run and undo", play.run_and_undo
    yield "adjust in F9", play.adjust_in_f9
    yield "drag in F9", play.drag_in_f9
    yield "cancel", play.cancel


def height() -> float:
    """How far up the grid is."""
    return float(positions()[:, 2].mean())


class GeneratedPanel(Player):
    """A grid is lifted by the two operations of `tests/gui/operations`."""

    def look_at_the_fields(self) -> Iterator[None]:
        yield from open_operation("every_field", "every")
        yield from hands.pause(20)

    def change_a_list(self) -> Iterator[None]:
        yield from hands.scroll("DOWN")
        stops = field("every_field").stops
        yield from hands.until(lambda: len(stops) == 2, "the usual rows")
        yield from hands.click_button("outboard.change_rows", from_below=True)
        yield from hands.until(lambda: len(field("every_field").stops) == 3, "a row more")
        yield from hands.pause(10)
        yield from self.ask(do="shoot", name="generated_panel_list")
        at = hands.middle(hands.region("WINDOW"))
        yield from hands.move(*at)
        yield from hands.key("Z", at, ctrl=True)
        yield from hands.until(lambda: len(field("every_field").stops) == 2, "undone")

    def open_from_and_to(self) -> Iterator[None]:
        fields = field("every_field")
        fields.source_weights, fields.target_points = "vertex_group:", "instances.points"
        yield from hands.scroll("DOWN")
        x, y = yield from hands.find("outboard.every_field", from_below=True)
        # The header stands above the row of Run.
        yield from hands.click(x, y + 25)
        yield from hands.pause(10)
        yield from hands.scroll("DOWN")
        yield from hands.find("every_field.instance_of", from_below=True)

    def keep_a_preset(self) -> Iterator[None]:
        fields = field("every_field")
        fields.height, fields.stops[0].position = 3, 0.25
        yield from self.open_presets()
        yield from self.ask(do="shoot", name="generated_panel_presets")
        # The popup stands above the icon: a field for the name, and a cross at its right.
        x, y = self.icon
        yield from hands.click(x + 92, y + 41)
        yield from hands.pause(10)
        fields.height, fields.stops[0].position = 4, 0.75
        fields.stops.add()
        yield from hands.move(*hands.middle(hands.region("WINDOW")))
        yield from hands.pause(10)
        yield from self.open_presets()
        yield from self.ask(do="shoot", name="generated_panel_preset")
        yield from hands.click(x, y + 75)
        yield from hands.until(lambda: fields.height == 3, "the preset's value")
        assert [it.position for it in fields.stops] == [0.25, 1]
        yield from hands.move(*hands.middle(hands.region("WINDOW")))

    def open_presets(self) -> Iterator[None]:
        yield from hands.scroll("DOWN")
        _, y = yield from hands.find("outboard.every_field", from_below=True)
        sidebar = hands.region("UI")
        self.icon = (sidebar.x + sidebar.width * 0.835, y)
        yield from hands.click(*self.icon)
        yield from hands.pause(10)

    def write_an_attribute(self) -> Iterator[None]:
        fields = field("every_field")
        fields.source_weights, fields.target_points = "NONE", "attribute:"
        fields.name_of_target_points = "lifted"
        before = positions()
        yield from hands.click_button("outboard.every_field", from_below=True)
        yield from hands.until(lambda: "lifted" in self.note("every_field"), "a result")
        found = bpy.data.objects["Grid"].data.attributes["lifted"].data
        values = np.empty(len(found) * 3, np.float32)
        found.foreach_get("vector", values)
        lifted = before + np.array((0, 0, fields.height))
        np.testing.assert_allclose(values.reshape(-1, 3), lifted)
        assert np.array_equal(positions(), before)
        return self.note("every_field")

    def reset(self) -> Iterator[None]:
        yield from hands.click_button("outboard.reset_fields", 0.755, from_below=True)
        fields = field("every_field")
        yield from hands.until(lambda: fields.height == 1, "the default")
        assert fields.target_points == "mesh.points"
        yield from hands.until(lambda: len(fields.stops) == 2, "the usual rows")
        assert fields.stops[0].position == 0

    def run_and_undo(self) -> Iterator[None]:
        yield from hands.scroll("UP")
        yield from open_operation("lift_slowly", "slowly")
        at = yield from hands.find("lift_slowly.height", share=0.7)
        yield from hands.click(*at, double=True)
        yield from hands.type_number("2", at)
        yield from hands.click_button("outboard.lift_slowly")
        yield from hands.until(lambda: height() == 2, "it is lifted")
        at = hands.middle(hands.region("WINDOW"))
        yield from hands.move(*at)
        yield from hands.key("Z", at, ctrl=True)
        yield from hands.until(lambda: height() == 0, "undone")
        yield from hands.key("Z", at, ctrl=True, shift=True)
        yield from hands.until(lambda: height() == 2, "redone")

    def adjust_in_f9(self) -> Iterator[None]:
        yield from hands.click_button("outboard.lift_slowly")
        yield from hands.until(lambda: height() == 4, "it is lifted once more")
        place = yield from hands.open_f9()
        yield from self.ask(do="shoot", name="generated_panel_f9")
        yield from hands.click(*place, double=True)
        yield from hands.type_number("5", place)
        yield from hands.until(lambda: height() == 7, "the new value instead of the old one")
        yield from hands.close_f9(place)
        assert field("lift_slowly").height == 2, "the panel keeps its own"

    def drag_in_f9(self) -> Iterator[None]:
        field("lift_slowly").pause = 0.5
        yield from hands.click_button("outboard.lift_slowly")
        yield from hands.until(lambda: height() == 9, "it is lifted once more")
        first = int(last().job)
        place = yield from hands.open_f9()
        yield from hands.drag(place, (place[0] + 60, place[1]), moves=6)
        value = last().height
        yield from hands.close_f9(place)
        # One thread: had the older runs not been cancelled, they would stand in the queue.
        yield from hands.until(lambda: abs(height() - 7 - value) < 1e-3, f"lifted by {value}")
        runs = int(last().job) - first
        assert value > 2, value
        assert runs > 1, runs
        at = hands.middle(hands.region("WINDOW"))
        yield from hands.key("Z", at, ctrl=True)
        yield from hands.until(lambda: height() == 7, "one undo step takes the result back")
        return f"{runs} runs, the last with {value:.3f}"

    def cancel(self) -> Iterator[None]:
        field("lift_slowly").pause = 600
        yield from hands.click_button("outboard.lift_slowly")
        jobs = module("scene.jobs")
        yield from hands.until(lambda: bool(jobs.unfinished("lift_slowly")), "a job")
        (job,) = jobs.unfinished("lift_slowly")
        yield from hands.until(lambda: job.fraction > 0 and job.is_shown, "it is under way")
        assert job.message == "Waiting before the lift", job.message
        yield from hands.pause(10)
        yield from self.ask(do="shoot", name="generated_panel_progress")
        yield from hands.click_button("outboard.cancel_job", share=0.83)
        yield from hands.until(lambda: not job.is_unfinished, "cancelled")
        assert self.note("lift_slowly") == "Cancelled: nothing was applied"
        # There is one thread only: it is free again, or this would not be answered.
        field("lift_slowly").pause = 0
        yield from hands.click_button("outboard.lift_slowly")
        yield from hands.until(lambda: height() == 9, "the next job is answered")
        return self.note("lift_slowly")


def last() -> bpy.types.OperatorProperties:
    """What the last operator was called with."""
    return bpy.context.window_manager.operators[-1].properties
