"""Heads and blocks on a floor, painted by how open they are."""

import bpy
import numpy as np
import studio


def prepare() -> None:
    for x, turn in ((-1.75, 30), (0.5, -40)):
        studio.monkey(levels=2, turn=turn).location = (x, 0, 0.98)
    bpy.ops.mesh.primitive_torus_add(
        major_radius=0.8, minor_radius=0.3, major_segments=80, minor_segments=36,
        location=(2.45, -0.2, 0.3),
    )  # fmt: skip
    bpy.ops.mesh.primitive_ico_sphere_add(subdivisions=5, radius=0.5, location=(2.45, -0.2, 0.65))
    bpy.ops.mesh.primitive_grid_add(x_subdivisions=150, y_subdivisions=85, size=1)
    studio.active().scale = (6.8, 4.0, 1)
    studio.activate(*[ob for ob in bpy.data.objects if ob.type == "MESH"])
    bpy.ops.object.join()
    bpy.ops.object.transform_apply()
    ob = studio.active()
    studio.run("ambient_occlusion", samples=80, distance=0, seed=2)
    open_part = studio.values(ob, "ambient_occlusion")
    at = studio.positions(ob)
    assert ((open_part >= 0) & (open_part <= 1)).all()
    corner = np.linalg.norm(at[:, :2] - (-3.4, 2.0), axis=1) < 0.3
    under = (np.linalg.norm(at[:, :2] - (2.45, -0.2), axis=1) < 0.2) & (at[:, 2] < 0.01)
    # Nothing shades a far corner of the floor; below a ball on a ring it is dark.
    assert open_part[corner].min() > 0.8
    assert open_part[under].max() < 0.25
    tint = np.array([0.62, 0.6, 0.58])
    studio.paint_points(ob, open_part[:, None] ** 1.8 * tint)


LOOK = {"tall": 26, "colours": "VERTEX", "flat": True}
