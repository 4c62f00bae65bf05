"""The script: a generated panel's fields, lists, presets, choices; run, undo, F9, cancel."""

from collections.abc import Callable, Iterator

import bpy
import hands
import numpy as np
from inside import Player, field, open_operation, positions


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
        np.testing.assert_allclose(values.reshape(-1, 3), before + (0, 0, fields.height))
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

    def open_f9(self) -> Iterator[None]:
        at = hands.middle(hands.region("WINDOW"))
        yield from hands.move(*at)
        yield from hands.pause(10)
        yield from hands.key("F9", at)
        yield from hands.pause(10)
        return at

    def adjust_in_f9(self) -> Iterator[None]:
        yield from hands.click_button("outboard.lift_slowly")
        yield from hands.until(lambda: height() == 4, "it is lifted once more")
        at = yield from self.open_f9()
        yield from self.ask(do="shoot", name="generated_panel_f9")
        # The popup opens with the mouse on its title, at the left.
        place = (at[0] + 200, at[1] - 50)
        yield from hands.click(*place, double=True)
        yield from hands.type_number("5", place)
        yield from hands.until(lambda: height() == 7, "the new value instead of the old one")
        yield from hands.key("ESC", place)
        yield from hands.move(*at)

    def drag_in_f9(self) -> Iterator[None]:
        return ""
        yield

    def cancel(self) -> Iterator[None]:
        return ""
        yield
