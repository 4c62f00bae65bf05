"""Steps with Transform Points on 100,000 vertices, and with Transform Objects."""

from collections.abc import Iterator

import bpy
import hands
import numpy as np
from inside import Player, cube, field, open_operation, positions, rotation
from mathutils import Vector

ROWS, COLUMNS = 250, 400
MOVE = (0.25, -1.5, 2.0)
TURN = (0.3, -0.2, 0.9)
SCALE = (1.0, 2.0, 0.5)


class TransformSteps(Player):
    """A grid is added and stays."""

    def transform_points(self) -> Iterator[None]:
        bpy.ops.mesh.primitive_grid_add(x_subdivisions=COLUMNS - 1, y_subdivisions=ROWS - 1)
        fields = field("transform_points")
        fields.translation, fields.rotation, fields.scale = MOVE, TURN, SCALE
        bpy.ops.ed.undo_push(message="Add Grid")
        yield from hands.pause()
        self.before = positions()
        assert self.before.shape == (ROWS * COLUMNS, 3)
        yield from open_operation("transform_points", "points")
        yield from hands.click_button("outboard.transform_points")
        yield from hands.until(lambda: "vertices" in self.note("transform_points"), "a result")
        wanted = self.before.astype(np.float64) * SCALE @ rotation(TURN).T + MOVE
        worst = np.abs(positions() - wanted).max()
        assert worst < 1e-6, worst
        return f"{self.note('transform_points')}; off by at most {worst:.1e}"

    def undo_mesh(self) -> Iterator[None]:
        at = hands.middle(hands.region("WINDOW"))
        yield from hands.move(*at)
        after = positions()
        yield from hands.key("Z", at, ctrl=True)
        yield from hands.until(lambda: np.array_equal(positions(), self.before), "it is back")
        yield from hands.key("Z", at, ctrl=True, shift=True)
        yield from hands.until(lambda: np.array_equal(positions(), after), "redo")

    def picture(self) -> Iterator[None]:
        yield from hands.click_button("outboard.move_cube_random")
        yield from hands.until(lambda: "moved" in self.note("move_cube_random"), "a result")
        # One that is seen whole, down to its button.
        yield from open_operation("smooth_mesh", "smooth")
        yield from hands.move(*hands.middle(hands.region("WINDOW")))
        yield from hands.pause(20)
        yield from self.take_picture("panel.png", height=640)

    def transform_objects(self) -> Iterator[None]:
        before = cube()
        fields = field("transform_objects")
        fields.translation = (0, 0, 3)
        fields.random_rotation = (0, 0, 1)
        yield from hands.scroll("UP")
        yield from open_operation("transform_objects", "objects")
        for ob in bpy.context.scene.objects:
            ob.select_set(ob.name in ("Cube", "Grid"))
        yield from hands.scroll("DOWN")
        yield from hands.click_button("outboard.transform_objects")
        yield from hands.until(lambda: "objects" in self.note("transform_objects"), "a result")
        assert (cube() - before - Vector((0, 0, 3))).length < 1e-5, (before, cube())
        yield from hands.scroll("DOWN")
        yield from hands.pause(20)
        return self.note("transform_objects")
