"""Carries points, directions and bounds from an object's own space into another."""

import bpy
import numpy as np

from ..scope import Scope
from .source import Source


def carry(scope: Scope, source: Source, array: np.ndarray, *, is_world: bool) -> np.ndarray:
    """Bring `array` into the space it is wanted in: its own, the active mesh's, or the world's."""
    is_second = source.role == "second"
    if not is_world and not is_second:
        return array
    bpy.context.view_layer.update()
    if source.carry == "bounds":
        return bounds(array, [matrix(ob) for ob in scope.of(source.role)])
    own = matrix(scope.one(source.role))
    if not is_world:
        own = np.linalg.pinv(matrix(scope.one("mesh"))) @ own
    return points(array, own) if source.carry == "points" else directions(array, own)


def matrix(ob: bpy.types.Object) -> np.ndarray:
    """Give an object's world matrix as float64."""
    return np.array(ob.matrix_world, np.float64)


def points(array: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Carry points by a 4x4 matrix; computed in float64."""
    return (array @ by[:3, :3].T + by[:3, 3]).astype(np.float32)


def directions(array: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Carry normals by a 4x4 matrix so that they stay upright on their surface, length 1."""
    turned = array @ np.linalg.pinv(by[:3, :3])
    lengths = np.linalg.norm(turned, axis=1, keepdims=True)
    return (turned / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def bounds(array: np.ndarray, by: list[np.ndarray]) -> np.ndarray:
    """Find the box along the world's axes around each object's own box."""
    corners = np.array(np.meshgrid([0, 1], [0, 1], [0, 1])).reshape(3, 8)
    result = np.empty_like(array)
    for row, box in enumerate(array):
        own = box[corners, np.arange(3)[:, None]].T
        there = points(own, by[row])
        result[row] = there.min(0), there.max(0)
    return result
