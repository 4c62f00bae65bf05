"""Blocks in rows, and each of them moved, turned and scaled a little differently."""

import math

import bpy
import numpy as np
import studio

ROWS = 6
VARIED = {"random_rotation": (0.15, 0.15, math.pi), "random_scale": (0.3, 0.3, 0.9)}


def prepare() -> None:
    before = _rows()
    after = _rows()
    then = np.array([ob.matrix_world for ob in after])
    studio.activate(*after)
    move = (6.2, 0, 0)
    studio.run(
        "transform_objects", translation=move, random_translation=(0.14, 0.14, 0), **VARIED, seed=5
    )
    now = np.array([ob.matrix_world for ob in after])
    moved = now[:, :3, 3] - then[:, :3, 3] - move
    assert (np.abs(moved) <= 0.1401).all()
    assert len(np.unique(moved[:, 0])) == len(after)
    sizes = np.linalg.norm(now[:, :3, :3], axis=1) / np.linalg.norm(then[:, :3, :3], axis=1)
    assert (np.abs(sizes - 1) <= np.array(VARIED["random_scale"]) + 1e-5).all()
    studio.paint(studio.BEFORE, *before)
    studio.paint(studio.AFTER, *after)
    studio.beside(before, after, gap=0.9)


def _rows() -> list[bpy.types.Object]:
    found = []
    for at in range(ROWS * ROWS):
        x, y = (at % ROWS - ROWS / 2 + 0.5) * 0.75, (at // ROWS - ROWS / 2 + 0.5) * 0.75
        bpy.ops.mesh.primitive_cube_add(size=0.42, location=(x, y, 0))
        studio.active().scale.z = 1.8
        found.append(studio.active())
    bpy.context.view_layer.update()
    return found


LOOK = {"tall": 38}
