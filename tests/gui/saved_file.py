"""The script: a file is saved and a panel appears; it is changed, broken, mended, deleted."""

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import bpy
import hands
import numpy as np
from bpy_extras.view3d_utils import region_2d_to_location_3d
from inside import BESIDE, Player, field, module, open_operation, positions

GUIDE = Path(__file__).parents[2] / "docs" / "adding_an_operation.md"
FOLDER = Path(os.environ["OUTBOARD_GUI_OPERATIONS"])
# Seconds from the file to the panel.
WITHIN = 2.0
LIFT = """import {{ defineOperation, z }} from "outboard";
export default defineOperation({{
  title: "Lift up",
  description: "Lifts the points of the active mesh",
  category: "My operations",
  params: z.strictObject({{
    height: z.number().min(0).max({most}).default(1).describe("How far up")
      .meta({{ outboard: {{ unit: "length" }} }}),
    falloff: z.discriminatedUnion("kind", [
      z.strictObject({{ kind: z.literal("none") }}),
      z.strictObject({{
        kind: z.literal("smooth"),
        radius: z.number().positive().default(1).meta({{ outboard: {{ unit: "length" }} }}),
      }}),
    ]).default({{ kind: "smooth", radius: 1 }}).describe("Where it ends"),
    steps: z.int().min(1).max(8).optional().describe("Lift in so many steps"),
    strength: z.number().min(0).max(1).default(1).meta({{ outboard: {{ unit: "factor" }} }}),
    tint: z.tuple([z.number(), z.number(), z.number()]).default([1, 0.4, 0.1])
      .meta({{ outboard: {{ subtype: "color" }} }}),
    places: z.array(z.number()).default([1, 2]),
  }}),
  inputs: {{
    points: {{ kind: "points", dtype: "float32", shape: ["n", 3], source: "mesh.points" }},
  }},
  outputs: {{
    points: {{ kind: "points", dtype: "float32", shape: ["n", 3], target: "mesh.points" }},
  }},
  run({{ allocate, inputs, params }}) {{
    const out = allocate("points").data;
    out.set(inputs.points.data);
    for (let i = 2; i < out.length; i += 3) out[i]! += params.height;
  }},
}});
"""


def steps(ask: Callable[..., Iterator[None]]) -> Iterator[tuple[str, Callable]]:
    """Name every step in order."""
    play = SavedFile(ask)
    yield "connect", play.connect
    yield "save a file", play.save_a_file
    yield "run it", play.run_it
    yield "change its range", play.change_its_range
    yield "write nonsense", play.write_nonsense
    yield "break it", play.break_it
    yield "mend it", play.mend_it
    yield "delete it", play.delete_it
    yield "save the guide's file", play.save_the_guides_file


def listed() -> list[str]:
    return [offer.title for offer in module("ui.generated").shown()]


def failures() -> list[dict]:
    return module("scene.catalogue").current().failures


class SavedFile(Player):
    """A grid is lifted by an operation that was not there before."""

    def connect(self) -> Iterator[None]:
        yield from hands.until(lambda: hands.viewport()[0].width > 1000, "a large window")
        yield from self.ask(do="start server")
        yield from hands.key("N", hands.middle(hands.region("WINDOW")))
        yield from hands.until(lambda: hands.region("UI").width > 1, "the sidebar opens")
        hands.region("UI").active_panel_category = "Tools"
        yield from hands.until(lambda: "Transform Mesh" in listed(), "the catalogue", 60)
        bpy.ops.mesh.primitive_grid_add(x_subdivisions=9, y_subdivisions=9)
        bpy.ops.ed.undo_push(message="Add Grid")
        yield from hands.pause(20)
        return ", ".join(listed())

    def save(self, text: str) -> None:
        (FOLDER / "lift_up.ts").write_text(text)
        self.saved = time.monotonic()

    def save_a_file(self) -> Iterator[None]:
        self.save(LIFT.format(most=5))
        yield from hands.until(lambda: "Lift up" in listed(), "it is listed", 10)
        took = time.monotonic() - self.saved
        yield from hands.pause(20)
        assert took < WITHIN, took
        return f"{took:.2f} s"

    def run_it(self) -> Iterator[None]:
        yield from open_operation("lift_up", "lift")
        field("lift_up").height = 3
        before = positions()
        yield from hands.click_button("outboard.lift_up")
        yield from hands.until(lambda: "Grid" in self.note("lift_up"), "a result")
        assert np.allclose(positions() - before, (0, 0, 3))
        yield from hands.move(*hands.middle(hands.region("WINDOW")))
        yield from hands.pause(20)
        return self.note("lift_up")

    def change_its_range(self) -> Iterator[None]:
        self.save(LIFT.format(most=9))
        prop = "height"
        yield from hands.until(
            lambda: (
                hasattr(bpy.types.Scene, "outboard_lift_up")
                and field("lift_up").bl_rna.properties[prop].hard_max == 9
            ),
            "the new range",
        )
        took = time.monotonic() - self.saved
        yield from hands.pause(20)
        assert field("lift_up").height == 3
        return f"{took:.2f} s"

    def write_nonsense(self) -> Iterator[None]:
        field("lift_up").places = "[1, 2"
        yield from hands.click_button("outboard.lift_up")
        yield from hands.until(lambda: "JSON" in self.note("lift_up"), "an error")
        at = hands.middle(hands.region("WINDOW"))
        yield from hands.key("ESC", at)
        yield from hands.move(*at)
        yield from hands.pause(20)
        yield from self.ask(do="shoot", name="saved_file_marked")
        field("lift_up").places = "[]"
        return self.note("lift_up")

    def break_it(self) -> Iterator[None]:
        self.save(LIFT.format(most=9).replace("params:", "params.here:"))
        yield from hands.until(lambda: bool(failures()), "the failure")
        yield from hands.pause(20)
        before = positions()
        yield from hands.click_button("outboard.lift_up")
        yield from hands.until(lambda: not np.array_equal(positions(), before), "it still runs")
        return str(failures())

    def mend_it(self) -> Iterator[None]:
        self.save(LIFT.format(most=9))
        yield from hands.until(lambda: not failures(), "no failure any more")
        yield from hands.pause(20)

    def delete_it(self) -> Iterator[None]:
        (FOLDER / "lift_up.ts").unlink()
        yield from hands.until(lambda: "Lift up" not in listed(), "it is gone")
        yield from hands.pause(20)
        assert not hasattr(bpy.types.Scene, "outboard_lift_up")
        return ", ".join(listed())

    def save_the_guides_file(self) -> Iterator[None]:
        """What the guide begins with does what it says, and has its picture taken."""
        text = re.search(r"```ts file=push_out.ts\n(.*?)```", GUIDE.read_text(), re.DOTALL)[1]
        (FOLDER / "push_out.ts").write_text(text)
        yield from hands.until(lambda: "Push out" in listed(), "it is listed", 10)
        head = _head_beside_the_sidebar()
        before = _radii(head)
        yield from open_operation("push_out", "push")
        yield from hands.click_button("outboard.push_out")
        yield from hands.until(lambda: "vertices" in self.note("push_out"), "a result")
        assert np.allclose(_radii(head) - before, field("push_out").distance, atol=1e-5)
        yield from hands.move(*hands.middle(hands.region("WINDOW")))
        yield from hands.pause(20)
        yield from self.take_picture("saved_file.png", height=520)
        return self.note("push_out")


def _head_beside_the_sidebar() -> bpy.types.Object:
    for ob in bpy.context.scene.objects:
        ob.hide_set(True)
    view, sidebar = hands.region("WINDOW"), hands.region("UI")
    spot = (sidebar.x - view.x - BESIDE / 2, view.height - 300)
    space = hands.viewport()[1].spaces.active.region_3d
    place = region_2d_to_location_3d(view, space, spot, space.view_location)
    bpy.ops.mesh.primitive_monkey_add(location=place, size=3)
    bpy.ops.object.shade_smooth()
    bpy.ops.ed.undo_push(message="Add Head")
    return bpy.context.object


def _radii(ob: bpy.types.Object) -> np.ndarray:
    return np.linalg.norm([vertex.co for vertex in ob.data.vertices], axis=1)
