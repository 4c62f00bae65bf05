"""Points to compute with, a transform of them, and what it must give."""

from functools import cache

import numpy as np

SEED = 20261122

# Turned by 0.3 about X, then -0.2 about Y, then 0.5 about Z, the size doubled along X.
ROTATION = (0.3, -0.2, 0.5)
SCALE = (2.0, 1.0, 1.0)


@cache
def made_points(count: int) -> np.ndarray:
    """Points within a box of two units, the same ones every time; (count, 3) float32."""
    return np.random.default_rng(SEED).uniform(-1, 1, (count, 3)).astype(np.float32)


@cache
def matrix() -> np.ndarray:
    """The transform's 3 x 3 part."""
    (cx, cy, cz), (sx, sy, sz) = np.cos(ROTATION), np.sin(ROTATION)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return about_z @ about_y @ about_x @ np.diag(SCALE)


def transform(step: int) -> tuple[dict, np.ndarray, np.ndarray]:
    """One of many transforms: parameters of `transform_points`, 3 x 3 matrix, translation."""
    translation = np.array([step % 7, 1.0, -2.0])
    params = {"translation": list(translation), "rotation": ROTATION, "scale": SCALE}
    return params, matrix().astype(np.float32), translation.astype(np.float32)


@cache
def _turned(count: int) -> np.ndarray:
    return (made_points(count) @ matrix().T).astype(np.float32)


def check_transformed(result: np.ndarray, count: int, step: int) -> None:
    """Compare with float64's result, to the last places of float32."""
    _, _, translation = transform(step)
    assert result.shape == (count, 3)
    assert result.dtype == np.float32
    # In stretches, so that checking needs no memory to speak of.
    for start in range(0, count, 65536):
        rows = slice(start, start + 65536)
        worst = np.abs(result[rows] - (_turned(count)[rows] + translation)).max()
        assert worst < 2e-6, f"off by {worst} from row {start} on"
