"""Targets that move objects: by world matrices, by locations, or by adding to these."""

from operator import attrgetter

import bpy
import numpy as np
from mathutils import Matrix, Vector

from .. import sources, subjects, together
from ..scope import Scope
from ..subjects import quoted
from . import checks
from .target import Parts, Place, Target


def set_matrices(objects: list[bpy.types.Object], worlds: np.ndarray) -> None:
    """Give `objects` the world matrices `worlds`, (n, 4, 4), parents before their children."""
    # Blender keeps the columns of a matrix together.
    columns = worlds.transpose(0, 2, 1)
    has_parents = any(map(attrgetter("parent"), objects))
    there = None if has_parents else together.collection_of(objects)
    if there is not None:
        # Without a parent, the matrix of its own is the one of the world.
        there.foreach_set("matrix_basis", columns.astype(np.float32).reshape(-1))
        for ob in objects:
            ob.update_tag(refresh={"OBJECT"})
        return
    order = range(len(objects))
    if has_parents:
        # Blender turns a world matrix into a local one with the parent's matrix of that moment.
        order = sorted(order, key=lambda index: _depth(objects[index]))
    for index in order:
        objects[index].matrix_world = columns[index].tolist()


def move(objects: list[bpy.types.Object], vectors: np.ndarray) -> None:
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


class Objects(Target):
    """What the targets here share: the objects of a role, one row of the result for each."""

    row: tuple[int, ...] = (3,)

    def __init__(self, role: str) -> None:
        self.role = role

    def ready(self, scope: Scope, place: Place) -> None:
        """Refuse objects that are linked."""
        objects = scope.of(self.role)
        if not together.is_each(objects, "is_editable", True):
            for ob in objects:
                subjects.check_editable(ob)

    def prepare(self, scope: Scope, place: Place, parts: Parts) -> np.ndarray:
        """Check that there is one row for each object."""
        return checks.floats(parts[""], len(scope.of(self.role)), *self.row)

    def moved(self, scope: Scope) -> str:
        """Say what was done."""
        objects = scope.of(self.role)
        return (
            f"{quoted(objects[0].name) if len(objects) == 1 else f'{len(objects):,} objects'} moved"
        )


class Matrices(Objects):
    """The world matrices."""

    row = (4, 4)

    def write(self, scope: Scope, place: Place, prepared: np.ndarray) -> str:
        """Set the matrices."""
        set_matrices(scope.of(self.role), prepared)
        return self.moved(scope)


class Locations(Objects):
    """The places of the origins in world space; rotation and scale are kept."""

    def write(self, scope: Scope, place: Place, prepared: np.ndarray) -> str:
        """Set the locations."""
        worlds = sources.objects.matrices(scope.of(self.role))
        worlds[:, :3, 3] = prepared
        set_matrices(scope.of(self.role), worlds)
        return self.moved(scope)


class Offsets(Objects):
    """A way for each object to go, in world space."""

    def write(self, scope: Scope, place: Place, prepared: np.ndarray) -> str:
        """Move the objects."""
        move(scope.of(self.role), prepared)
        return self.moved(scope)


TARGETS = {
    "objects.matrix_world": Matrices("objects"),
    "objects.locations": Locations("objects"),
    "location.add": Offsets("objects"),
    "cube.location.add": Offsets("cube"),
}
