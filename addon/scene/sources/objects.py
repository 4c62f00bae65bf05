"""Sources that are the selected objects: their matrices, locations and bounds."""

import bpy
import numpy as np

from .. import together
from ..scope import Scope
from .source import Source


def matrices(objects: list[bpy.types.Object]) -> np.ndarray:
    """Read the world matrices of `objects`, row-major with column vectors.

    Returns
    -------
    numpy.ndarray
        float32, (n, 4, 4), its own memory.
    """
    # After an undo, or a change by a script, matrices are stale until the scene is evaluated.
    bpy.context.view_layer.update()
    flat = np.empty((len(objects), 16), np.float32)
    there = together.collection_of(objects)
    if there is None:
        for row, ob in zip(flat, objects, strict=True):
            row[:] = [number for four in ob.matrix_world.transposed() for number in four]
    else:
        there.foreach_get("matrix_world", flat.reshape(-1))
    # Blender keeps the columns of a matrix together.
    return np.ascontiguousarray(flat.reshape(-1, 4, 4).transpose(0, 2, 1))


def bounds(objects: list[bpy.types.Object]) -> np.ndarray:
    """Read the box around each object, modifiers included, float32 (n, 2, 3).

    An object without a size, such as a light, has its origin as both corners.
    """
    graph = bpy.context.evaluated_depsgraph_get()
    boxes = [[tuple(corner) for corner in ob.evaluated_get(graph).bound_box] for ob in objects]
    corners = np.array(boxes, np.float32).reshape(-1, 8, 3)
    # A corner of -1 everywhere is Blender's way to say that there is none.
    corners[(corners == -1).all(axis=(1, 2))] = 0
    return np.stack([corners.min(1), corners.max(1)], axis=1)


def _matrix_world(scope: Scope, _argument: str) -> np.ndarray:
    return matrices(scope.of("objects"))


def _locations(scope: Scope, _argument: str) -> np.ndarray:
    return np.ascontiguousarray(matrices(scope.of("objects"))[:, :3, 3])


def _bounds(scope: Scope, _argument: str) -> np.ndarray:
    return bounds(scope.of("objects"))


SOURCES = {
    "objects.matrix_world": Source("objects", _matrix_world, is_evaluated=True),
    "objects.locations": Source("objects", _locations, is_evaluated=True),
    "objects.bounds": Source("objects", _bounds, "bounds", is_evaluated=True),
}
