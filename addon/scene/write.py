"""Writes arrays into the scene: the targets an operation's output can name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Matrix, Vector

from . import subjects
from .subjects import Refused


def positions(objects: list[bpy.types.Object], points: np.ndarray) -> None:
    """Replace the positions of the first object's mesh by `points`, float32 (n, 3)."""
    mesh = objects[0].data
    flat = np.ascontiguousarray(points, np.float32).reshape(-1)
    mesh.attributes["position"].data.foreach_set("vector", flat)
    mesh.update()


def matrices(objects: list[bpy.types.Object], worlds: np.ndarray) -> None:
    """Give `objects` the world matrices `worlds`, (n, 4, 4), parents before their children."""
    # Blender turns a world matrix into a local one with the parent's matrix of that moment.
    order = sorted(range(len(objects)), key=lambda index: _depth(objects[index]))
    rows = worlds.tolist()
    for index in order:
        objects[index].matrix_world = Matrix(rows[index])


def offset(objects: list[bpy.types.Object], vectors: np.ndarray) -> None:
    """Move each object by its row of `vectors`, given in world space."""
    for ob, vector in zip(objects, vectors.tolist(), strict=True):
        ob.location += _to_own_axes(ob) @ Vector(vector)


def _depth(ob: bpy.types.Object) -> int:
    depth = 0
    while ob.parent:
        ob, depth = ob.parent, depth + 1
    return depth


def _to_own_axes(ob: bpy.types.Object) -> Matrix:
    """Turn a world direction into the axes `location` is given in, those of the parent."""
    if ob.parent is None:
        return Matrix.Identity(3)
    return (ob.matrix_world @ ob.matrix_basis.inverted_safe()).to_3x3().inverted_safe()


@dataclass(frozen=True)
class Target:
    """Where an output goes: which objects, what array fits them, how it is written."""

    pick: Callable[[bpy.types.Context], list[bpy.types.Object]]
    shape: Callable[[list[bpy.types.Object]], tuple[int, ...]]
    write: Callable[[list[bpy.types.Object], np.ndarray], None]
    is_mesh: bool = False


TARGETS: dict[str, Target] = {
    "mesh.points": Target(
        pick=subjects.active_mesh,
        shape=lambda objects: (len(objects[0].data.vertices), 3),
        write=positions,
        is_mesh=True,
    ),
    "objects.matrix_world": Target(
        pick=subjects.selected_objects,
        shape=lambda objects: (len(objects), 4, 4),
        write=matrices,
    ),
    "cube.location.add": Target(
        pick=subjects.cube_or_active,
        shape=lambda objects: (len(objects), 3),
        write=offset,
    ),
}


def check(target: Target, objects: list[bpy.types.Object], array: np.ndarray) -> None:
    """Refuse a result that does not fit, before anything is written."""
    wanted = target.shape(objects)
    if array.shape != wanted:
        raise Refused(f"The result has the shape {array.shape} where {wanted} was wanted")
    if not np.isfinite(array).all():
        raise Refused("The result has values that are infinite or not a number")


def first(targets: Mapping[str, str]) -> Target:
    """Give the target that decides which objects a job works on: that of the first output."""
    return TARGETS[next(iter(targets.values()))]
