"""A ball, and the rock that it becomes."""

import bpy
import numpy as np
import studio

STRENGTH = 0.55


def prepare() -> None:
    bpy.ops.mesh.primitive_ico_sphere_add(subdivisions=6)
    before = studio.active()
    after = studio.copied(before)
    studio.activate(after)
    studio.run("displace_noise", strength=STRENGTH, scale=1.1, octaves=7, seed=11)
    moved = studio.positions(after) - studio.positions(before)
    lengths = np.linalg.norm(moved, axis=1)
    assert 0.3 * STRENGTH < lengths.max() <= STRENGTH
    # Along the normals of a ball is away from its middle.
    away = np.cross(moved, studio.positions(before))
    assert np.abs(away).max() < 0.01
    studio.paint(studio.BEFORE, before, smooth=True)
    studio.paint(studio.AFTER, after, smooth=True)
    studio.beside([before], [after])
