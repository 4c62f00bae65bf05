"""A head, and its points scaled, turned and moved."""

import math

import numpy as np
import studio

MOVE, TURN, SCALE = (3.0, 0.0, 0.35), (0.0, math.radians(28), 0.0), (0.7, 1.0, 1.45)


def prepare() -> None:
    before = studio.monkey(levels=2)
    after = studio.copied(before)
    studio.activate(after)
    studio.run("transform_points", translation=MOVE, rotation=TURN, scale=SCALE)
    sine, cosine = math.sin(TURN[1]), math.cos(TURN[1])
    about_y = np.array([[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]])
    wanted = studio.positions(before) * SCALE @ about_y.T + MOVE
    assert np.abs(studio.positions(after) - wanted).max() < 1e-5
    studio.paint(studio.BEFORE, before, smooth=True)
    studio.paint(studio.AFTER, after, smooth=True)
    studio.beside([before], [after])
