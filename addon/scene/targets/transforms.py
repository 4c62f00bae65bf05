"""Many places, turns and sizes at once: the parts that instances and new objects are made of."""

from typing import NamedTuple

import numpy as np

from ..subjects import Refused
from . import checks
from .target import Parts

PARTS = frozenset({"points", "matrices", "rotations", "scales"})


class Transforms(NamedTuple):
    """One row each; `rotations` are quaternions WXYZ of length 1, `scales` along three axes."""

    points: np.ndarray
    rotations: np.ndarray | None
    scales: np.ndarray | None
    matrices: np.ndarray | None

    def as_matrices(self) -> np.ndarray:
        """Make float64 matrices (n, 4, 4) of them."""
        if self.matrices is not None:
            return self.matrices.astype(np.float64)
        made = np.tile(np.eye(4), (len(self.points), 1, 1))
        if self.rotations is not None:
            made[:, :3, :3] = _from_quaternions(self.rotations)
        if self.scales is not None:
            made[:, :3, :3] *= self.scales[:, None, :]
        made[:, :3, 3] = self.points
        return made


def prepare(parts: Parts) -> Transforms:
    """Check the parts.

    Raises
    ------
    Refused
        When they do not fit each other.
    """
    if ("points" in parts) == ("matrices" in parts):
        raise Refused("The result must have either points or matrices to put something at")
    matrices = rotations = scales = None
    if "matrices" in parts:
        if "rotations" in parts or "scales" in parts:
            raise Refused("The result has matrices, which leave no use for rotations or scales")
        matrices = checks.floats(parts["matrices"], None, 4, 4)
        points = np.ascontiguousarray(matrices[:, :3, 3])
    else:
        points = checks.floats(parts["points"], None, 3)
    count = len(points)
    if "rotations" in parts:
        width = parts["rotations"].shape[-1:]
        rotations = checks.floats(parts["rotations"], count, 4 if width == (4,) else 3)
        rotations = _normalized(rotations) if width == (4,) else _from_euler(rotations)
    if "scales" in parts:
        shape = (count,) if parts["scales"].ndim == 1 else (count, 3)
        scales = checks.floats(parts["scales"], *shape)
        scales = np.ascontiguousarray(np.broadcast_to(scales.reshape(count, -1), (count, 3)))
    return Transforms(points, rotations, scales, matrices)


def _normalized(quaternions: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(quaternions, axis=1, keepdims=True)
    if not (lengths > 0).all():
        raise Refused("The result has a rotation of length 0")
    return (quaternions / lengths).astype(np.float32)


def _from_euler(angles: np.ndarray) -> np.ndarray:
    """Turn about X, then Y, then Z, as Blender's XYZ does."""
    (cx, cy, cz), (sx, sy, sz) = np.cos(angles.T / 2), np.sin(angles.T / 2)
    return np.stack(
        [
            cx * cy * cz + sx * sy * sz,
            sx * cy * cz - cx * sy * sz,
            cx * sy * cz + sx * cy * sz,
            cx * cy * sz - sx * sy * cz,
        ],
        axis=1,
    ).astype(np.float32)


def _from_quaternions(quaternions: np.ndarray) -> np.ndarray:
    w, x, y, z = quaternions.T.astype(np.float64)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.array(rows).transpose(2, 0, 1)
