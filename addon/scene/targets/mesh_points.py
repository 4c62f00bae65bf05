"""Targets that move the vertices of the active mesh: all, the selected ones, or in a shape key."""

import bpy
import numpy as np

from .. import subjects
from ..scope import Scope
from ..sources import mesh as source
from ..sources import space
from ..subjects import quoted
from . import checks
from .target import Parts, Place, Target


def set_points(mesh: bpy.types.Mesh, points: np.ndarray) -> None:
    """Replace the positions of `mesh` by float32 (n, 3)."""
    mesh.attributes["position"].data.foreach_set("vector", points.reshape(-1))
    mesh.update()


def to_own_space(scope: Scope, place: Place, points: np.ndarray) -> np.ndarray:
    """Bring points into the active mesh's own space if the target gives them in world space."""
    if not place.is_world:
        return points
    bpy.context.view_layer.update()
    return space.points(points, np.linalg.pinv(space.matrix(scope.one("mesh"))))


class MeshPoints(Target):
    """All positions of the active mesh."""

    role = "mesh"
    has_space = True

    def ready(self, scope: Scope, place: Place) -> None:
        """Refuse meshes that are linked, shared or have shape keys."""
        ob = scope.one("mesh")
        subjects.check_editable(ob.data)
        subjects.check_single_user(ob)
        subjects.check_no_shape_keys(ob)

    def prepare(self, scope: Scope, place: Place, parts: Parts) -> np.ndarray:
        """Check that there is one point for each vertex."""
        points = checks.floats(parts[""], len(scope.one("mesh").data.vertices), 3)
        return to_own_space(scope, place, points)

    def write(self, scope: Scope, place: Place, prepared: np.ndarray) -> str:
        """Replace the positions."""
        ob = scope.one("mesh")
        set_points(ob.data, prepared)
        return f"{len(prepared):,} vertices of {quoted(ob.name)} transformed"


class SelectedPoints(MeshPoints):
    """The positions of the selected vertices of the active mesh."""

    def prepare(self, scope: Scope, place: Place, parts: Parts) -> np.ndarray:
        """Check that there is one point for each selected vertex."""
        points = checks.floats(parts[""], len(source.selected(scope)), 3)
        return to_own_space(scope, place, points)

    def write(self, scope: Scope, place: Place, prepared: np.ndarray) -> str:
        """Replace the positions of the selected ones."""
        ob = scope.one("mesh")
        points = source.points(ob.data)
        points[source.selected(scope)] = prepared
        set_points(ob.data, points)
        return f"{len(prepared):,} vertices of {quoted(ob.name)} transformed"


class ShapeKey(Target):
    """A new shape key of the active mesh, fully turned on; a re-run replaces its own."""

    role = "mesh"
    has_space = True
    takes_name = True

    def ready(self, scope: Scope, place: Place) -> None:
        """Refuse meshes that are linked or shared."""
        ob = scope.one("mesh")
        subjects.check_editable(ob)
        subjects.check_editable(ob.data)
        subjects.check_single_user(ob)
        keys = ob.data.shape_keys
        if keys and not keys.use_relative:
            raise subjects.Refused(
                f"{quoted(ob.name)} has absolute shape keys: turn on Relative for them first",
                f"{quoted(ob.name)} got absolute shape keys",
            )
        if keys and keys.reference_key.name == self._name(scope, place):
            raise subjects.Refused(
                f"{quoted(keys.reference_key.name)} is the shape key that all others start from: "
                "choose another name"
            )

    def prepare(self, scope: Scope, place: Place, parts: Parts) -> np.ndarray:
        """Check that there is one point for each vertex."""
        points = checks.floats(parts[""], len(scope.one("mesh").data.vertices), 3)
        return to_own_space(scope, place, points)

    def write(self, scope: Scope, place: Place, prepared: np.ndarray) -> str:
        """Make the shape key, below a Basis if there is none yet."""
        ob = scope.one("mesh")
        if not ob.data.shape_keys:
            ob.shape_key_add(name="Basis", from_mix=False)
        name = self._name(scope, place)
        key = ob.data.shape_keys.key_blocks.get(name)
        if key is None:
            key = ob.shape_key_add(name=name, from_mix=False)
            key.value = 1
        key.points.foreach_set("co", prepared.reshape(-1))
        ob.data.update()
        return f"Shape key {quoted(key.name)} of {quoted(ob.name)} made"

    @staticmethod
    def _name(scope: Scope, place: Place) -> str:
        return place.argument or scope.call.title


TARGETS = {
    "mesh.points": MeshPoints(),
    "selected.points": SelectedPoints(),
    "shape_key": ShapeKey(),
}
