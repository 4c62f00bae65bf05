"""Trees on hills, at a distance from each other, denser in the valleys."""

import bpy
import numpy as np
import studio

APART = 0.27


def prepare() -> None:
    bpy.ops.mesh.primitive_cone_add(vertices=10, radius1=0.1, depth=0.42, location=(0, 0, 0.21))
    tree = studio.active()
    bpy.ops.object.transform_apply()
    tree.name = "Tree"
    bpy.ops.mesh.primitive_grid_add(x_subdivisions=140, y_subdivisions=90, size=1)
    hills = studio.active()
    hills.scale = (6.6, 4.0, 1)
    bpy.ops.object.transform_apply()
    at = studio.positions(hills)
    x, y = at[:, 0], at[:, 1]
    at[:, 2] = 0.75 * np.exp(-((x + 1.5) ** 2 + (y - 0.3) ** 2) / 1.1)
    at[:, 2] += 0.55 * np.exp(-((x - 1.9) ** 2 + (y - 0.5) ** 2) / 0.8) + 0.06 * np.sin(2 * x + y)
    hills.data.vertices.foreach_set("co", at.ravel())
    density = hills.data.attributes.new("density", "FLOAT", "POINT")
    density.data.foreach_set("value", np.clip(1 - 2.2 * at[:, 2], 0, 1).astype(np.float32))
    studio.activate(hills)
    spaced = {"distribution": "spaced", "distribution_spaced_distance": APART}
    studio.run(
        "scatter_on_surface", instance_of="Tree", **spaced, scale=1.25, variation=0.55, seed=6
    )
    after = studio.made("Scatter on Surface")
    where = studio.positions(after)
    between = np.linalg.norm(where[:, None] - where, axis=2) + np.diag(np.full(len(where), np.inf))
    assert between.min() >= APART - 1e-5
    assert 80 < len(where) < 500, len(where)
    # No tree where the density is 0.
    assert where[:, 2].max() < 0.5
    tree.hide_render = True
    tree.hide_viewport = True
    studio.paint(studio.BEFORE, hills, smooth=True)
    studio.paint(studio.AFTER, tree, after)


LOOK = {"tall": 30}
