"""Target: a copy of the active object with other positions; the original stays as it is."""

from typing import NamedTuple

import numpy as np

from .. import attributes
from ..scope import Scope
from ..subjects import quoted
from . import checks, placing
from .attribute import columns, show_if_first
from .mesh_points import set_points, to_own_space
from .target import Parts, Place, Target


class Changes(NamedTuple):
    """What the copy has otherwise than the original."""

    points: np.ndarray | None
    columns: list[attributes.Column]


class MeshCopy(Target):
    """A copy in the same place with the same faces, materials and modifiers, no shape keys."""

    role = "mesh"
    parts = frozenset({"points"})
    has_attributes = has_space = True

    def ready(self, scope: Scope, place: Place) -> None:
        """Refuse an earlier copy that cannot be replaced."""
        placing.check(scope, place.target)

    def prepare(self, scope: Scope, place: Place, parts: Parts) -> Changes:
        """Check that there is one point for each vertex."""
        mesh = scope.one("mesh").data
        points = parts.get("points")
        if points is not None:
            points = checks.floats(points, len(mesh.vertices), 3)
            points = to_own_space(scope, place, points)
        return Changes(points, columns(parts, attributes.counts(mesh)))

    def write(self, scope: Scope, place: Place, prepared: Changes) -> str:
        """Make the copy, in place of that of an earlier run."""
        ob = scope.one("mesh")
        world = scope.frame(is_world=False)
        is_chosen = placing.clear(scope, place.target)
        copy = ob.copy()
        copy.name = f"{ob.name} {scope.call.title}"
        copy.data = ob.data.copy()
        if copy.data.shape_keys:
            copy.shape_key_clear()
        if prepared.points is not None:
            set_points(copy.data, prepared.points)
        for column in prepared.columns:
            column.write(copy.data)
            show_if_first(copy.data, column)
        placing.put(scope, place.target, copy, world)
        if is_chosen:
            placing.choose(scope, [copy])
        return f"{quoted(copy.name)} made with {len(copy.data.vertices):,} vertices"


TARGETS = {"mesh.copy": MeshCopy()}
