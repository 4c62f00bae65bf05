"""A floor, painted by how far it is from a head above it."""

import bpy
import numpy as np
import studio

BAND = 0.22


def prepare() -> None:
    head = studio.monkey(levels=2, turn=-20)
    head.location = (0, 0.2, 0.62)
    head.name = "Second"
    bpy.ops.mesh.primitive_grid_add(x_subdivisions=320, y_subdivisions=210, size=1)
    floor = studio.active()
    floor.scale = (6.4, 4.2, 1)
    bpy.ops.object.transform_apply()
    bpy.context.view_layer.update()
    studio.run("distance_to_mesh", second_object="Second")
    distances = studio.values(floor, "distance")
    corners = studio.positions(head) @ np.array(head.matrix_world)[:3, :3].T + head.location
    # No farther than the nearest corner, and not much nearer than it where that is far.
    some = np.arange(0, len(distances), 997)
    to_corners = np.linalg.norm(studio.positions(floor)[some, None] - corners, axis=2).min(1)
    assert (distances[some] <= to_corners + 1e-5).all()
    assert (distances[some] > to_corners - 0.06).all()
    near, far = np.array((1, 0.42, 0.1)), np.array((0.03, 0.12, 0.4))
    share = np.clip(distances / 2.4, 0, 1)[:, None] ** 0.8
    lines = np.where((distances / BAND % 1 < 0.12)[:, None], 0.45, 1)
    studio.paint_points(floor, (near * (1 - share) + far * share) * lines)
    studio.paint_points(head, np.tile(studio.BEFORE[:3], (len(corners), 1)))
    studio.paint(studio.BEFORE, head, smooth=True)


LOOK = {"tall": 38, "colours": "VERTEX"}
