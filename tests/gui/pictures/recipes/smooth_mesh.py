"""A head that is all bumps, and the same one smoothed."""

import numpy as np
import studio


def prepare() -> None:
    before = studio.monkey(levels=2)
    clean = studio.positions(before)
    rough = clean + np.random.default_rng(1).normal(0, 0.011, clean.shape)
    before.data.vertices.foreach_set("co", rough.ravel())
    after = studio.copied(before)
    studio.activate(after)
    studio.run("smooth_mesh", iterations=12)
    smooth = studio.positions(after)
    # It is nearer to the head without bumps, and its size stays.
    assert _far(smooth, clean) < 0.7 * _far(rough, clean)
    assert np.allclose(np.ptp(smooth, axis=0), np.ptp(rough, axis=0), rtol=0.06)
    studio.paint(studio.BEFORE, before, smooth=True)
    studio.paint(studio.AFTER, after, smooth=True)
    studio.beside([before], [after], gap=0.5)


def _far(at: np.ndarray, other: np.ndarray) -> float:
    return float(np.linalg.norm(at - other, axis=1).mean())
