"""The script: a generated panel's fields, lists, presets, choices; run, undo, F9, cancel."""

from collections.abc import Callable, Iterator

import bpy
import hands
from inside import Player, field, module, open_operation, positions


def steps(ask: Callable[..., Iterator[None]]) -> Iterator[tuple[str, Callable]]:
    """Name every step in order."""
    play = GeneratedPanel(ask)
    yield "connect", play.connect
    yield "look at the fields", play.look_at_the_fields
    yield "look further down", play.look_further_down
    yield "look at the end", play.look_at_the_end


class GeneratedPanel(Player):
    def connect(self) -> Iterator[None]:
        yield from hands.until(lambda: hands.viewport()[0].width > 1000, "a large window")
        yield from self.ask(do="start server")
        yield from hands.key("N", hands.middle(hands.region("WINDOW")))
        yield from hands.until(lambda: hands.region("UI").width > 1, "the sidebar opens")
        hands.region("UI").active_panel_category = "Tools"
        found = module("ui.generated").listed
        yield from hands.until(lambda: "every_field" in found, "the catalogue", 60)
        bpy.ops.mesh.primitive_grid_add(x_subdivisions=9, y_subdivisions=9)
        bpy.ops.ed.undo_push(message="Add Grid")
        yield from hands.pause(20)

    def look_at_the_fields(self) -> Iterator[None]:
        yield from open_operation("every_field", "every")
        field("every_field").frame[0][3] = 7.25
        field("every_field").source_weights = "attribute:"
        field("every_field").target_points = "instances.points"
        yield from hands.pause(20)

    def look_further_down(self) -> Iterator[None]:
        x, y = hands.middle(hands.region("UI"))
        yield from hands.move(x, y)
        for _ in range(9):
            hands.viewport()[0].event_simulate(
                type="WHEELDOWNMOUSE", value="PRESS", x=int(x), y=int(y)
            )
            yield
        yield from hands.pause(20)

    def look_at_the_end(self) -> Iterator[None]:
        yield from hands.scroll("DOWN")
        x, y = yield from hands.find("outboard.every_field")
        yield from hands.click(x, y + 25)
        yield from hands.pause(20)
        yield from hands.scroll("DOWN")
        yield from hands.pause(20)
        yield from self.ask(do="shoot", name="generated_panel_fromto")
        x, y = yield from hands.find("outboard.reset_fields", share=0.72)
        yield from hands.click(hands.region("UI").x + hands.region("UI").width * 0.8, y)
        yield from hands.pause(20)
