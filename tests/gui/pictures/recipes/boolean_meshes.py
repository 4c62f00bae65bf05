"""A ball is cut out of a block."""

import math

import bpy
import studio

SIDE, RADIUS = 1.7, 1.05


def prepare() -> None:
    bpy.ops.mesh.primitive_uv_sphere_add(segments=64, ring_count=32, radius=RADIUS)
    cutter = studio.active()
    cutter.name = "Cutter"
    bpy.ops.mesh.primitive_cube_add(size=SIDE)
    block = studio.active()
    studio.run("boolean_meshes", second_object="Cutter", operation="difference")
    after = studio.made("Boolean Meshes")
    # The ball reaches out of the block by six caps.
    height = RADIUS - SIDE / 2
    caps = 6 * math.pi * height**2 * (RADIUS - height / 3)
    inside = 4 / 3 * math.pi * RADIUS**3 - caps
    assert abs(studio.volume(after) - (SIDE**3 - inside)) < 0.03
    spin = studio.turned(-32)
    for ob in (block, cutter, after):
        ob.matrix_world = spin
    studio.paint(studio.BEFORE, block)
    studio.paint(studio.OTHER, cutter, smooth=True)
    studio.paint(studio.AFTER, after, smooth=False)
    studio.beside([block, cutter], [after])


LOOK = {"tall": 24}
