"""Balls that all lay in one place, moved by vectors of three distributions."""

import bpy
import numpy as np
import studio

COUNT = 220
# Where they stand, what is drawn, how it shows.
DRAWN = [
    (-2.7, {"distribution": "uniform", **{f"distribution_uniform_{end}": value for end, value in (
        ("low", (-0.9, -0.9, -0.9)), ("high", (0.9, 0.9, 0.9)))}}, studio.AFTER),
    (0, {"distribution": "on_sphere", "distribution_on_sphere_radius": 1.1}, studio.OTHER),
    (2.6, {"distribution": "normal", "distribution_normal_standard_deviation": 0.42},
     studio.BEFORE),
]  # fmt: skip


def prepare() -> None:
    bpy.ops.mesh.primitive_ico_sphere_add(subdivisions=3, radius=0.065)
    ball = studio.active()
    studio.paint(studio.AFTER, ball, smooth=True)
    for x, drawn, colour in DRAWN:
        balls = [ball.copy() for _ in range(COUNT)]
        for each in balls:
            bpy.context.scene.collection.objects.link(each)
        studio.activate(*balls)
        studio.run("random_vectors", count=COUNT, seed=4, **drawn)
        at = np.array([each.location for each in balls])
        assert len(np.unique(at, axis=0)) == COUNT
        _check(drawn["distribution"], at)
        for each in balls:
            each.color = colour
            each.location.x += x
    bpy.data.objects.remove(ball)


def _check(kind: str, at: np.ndarray) -> None:
    radii = np.linalg.norm(at, axis=1)
    if kind == "uniform":
        assert (np.abs(at) <= 0.9).all()
        assert np.abs(at.mean(0)).max() < 0.15
    elif kind == "on_sphere":
        assert np.abs(radii - 1.1).max() < 1e-5
    else:
        assert np.abs(at.std(0) - 0.42).max() < 0.08


LOOK = {"tall": 14}
