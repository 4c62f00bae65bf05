"""Blocks above a bowl, and where they came to rest in it."""

import math

import bpy
import numpy as np
import studio

# Its radius, and how high its rim is above its middle.
BOWL, RIM = 1.25, 0.05


def prepare() -> None:
    bowls = [_bowl(x) for x in (-1.9, 1.9)]
    before, after = (_blocks(bowl) for bowl in bowls)
    bowls[1].name = "Second"
    bpy.context.view_layer.update()
    then = np.array([ob.matrix_world for ob in after])
    studio.activate(*after)
    studio.run("settle_objects", second_object="Second", seconds=8, bounce=0)
    now = np.array([ob.matrix_world for ob in after])
    # All fell, into the bowl and not through it, and none changed its size.
    assert (now[:, 2, 3] < then[:, 2, 3]).all()
    away = np.linalg.norm(now[:, :3, 3] - bowls[1].location, axis=1)
    assert ((away < BOWL) | (now[:, 2, 3] > BOWL)).all()
    assert (np.linalg.norm(now[:, :2, 3] - bowls[1].location.xy, axis=1) < BOWL).all()
    sizes = [np.linalg.norm(it[:, :3, :3], axis=1) for it in (then, now)]
    assert np.allclose(*sizes, atol=1e-5)
    for ob in (*before, *after):
        ob.color = studio.BEFORE if ob in before else studio.AFTER
    studio.paint(studio.OTHER, *bowls, smooth=True)
    studio.beside([bowls[0], *before], [bowls[1], *after])


def _bowl(x: float) -> bpy.types.Object:
    bpy.ops.mesh.primitive_uv_sphere_add(
        segments=64, ring_count=32, radius=BOWL, location=(x, 0, BOWL)
    )
    bowl = studio.active()
    low = [it for it in studio.positions(bowl) if it[2] < RIM]
    numbers = {tuple(it): at for at, it in enumerate(low)}
    at = studio.positions(bowl)
    kept = [
        tuple(numbers[tuple(at[k])] for k in face.vertices)
        for face in bowl.data.polygons
        if all(at[k][2] < RIM for k in face.vertices)
    ]
    bpy.data.objects.remove(bowl)
    made = studio.add("Bowl", low, kept)
    made.location = (x, 0, BOWL)
    made.modifiers.new("Thickness", "SOLIDIFY").thickness = 0.06
    return made


def _blocks(bowl: bpy.types.Object) -> list[bpy.types.Object]:
    rng = np.random.default_rng(3)
    found = []
    for at in range(20):
        layer, k = divmod(at, 4)
        turn = k * math.tau / 4 + 0.5 * layer
        x, y = bowl.location.x + 0.36 * math.cos(turn), 0.36 * math.sin(turn)
        bpy.ops.mesh.primitive_cube_add(size=0.34, rotation=rng.uniform(0, 3, 3))
        block = studio.active()
        block.location = (x, y, 1 + 0.48 * layer)
        found.append(block)
    return found


LOOK = {"tall": 20}
