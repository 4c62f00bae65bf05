"""The script: a file is saved and a panel appears; it is changed, broken, mended, deleted."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import bpy
import hands
import numpy as np
from inside import Player, field, module, open_operation, positions

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
