"""Reads arrays from the scene: the sources an operation's input can name."""

from collections.abc import Callable

import bpy
import numpy as np


def positions(mesh: bpy.types.Mesh) -> np.ndarray:
    """Read the vertices of `mesh` in the object's own space.

    Returns
    -------
    numpy.ndarray
        float32, (n, 3), its own memory.
    """
    flat = np.empty(len(mesh.vertices) * 3, np.float32)
    # The attribute takes 1 ms per million points where vertices.foreach_get("co") takes 40.
    if len(flat):
        mesh.attributes["position"].data.foreach_get("vector", flat)
    return flat.reshape(-1, 3)


def matrices(objects: list[bpy.types.Object]) -> np.ndarray:
    """Read the world matrices of `objects`, row-major with column vectors.

    Returns
    -------
    numpy.ndarray
        float32, (n, 4, 4), its own memory.
    """
    # After an undo, or a change by a script, matrices are stale until the scene is evaluated.
    bpy.context.view_layer.update()
    rows = [[tuple(row) for row in ob.matrix_world] for ob in objects]
    return np.array(rows, np.float32).reshape(-1, 4, 4)


SOURCES: dict[str, Callable[[list[bpy.types.Object]], np.ndarray]] = {
    "mesh.points": lambda objects: positions(objects[0].data),
    "objects.matrix_world": matrices,
}
