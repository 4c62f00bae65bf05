"""Target: a mesh of points that shows an object, or a collection's objects in turn, at each."""

from typing import NamedTuple

import bpy
import numpy as np

from .. import attributes
from ..scope import Scope
from ..subjects import quoted
from . import instancer, placing, transforms
from .attribute import columns
from .objects_new import check_shown
from .target import Parts, Place, Target

# The size of the mark at a point that has no neighbours.
ALONE = 0.1


class Points(NamedTuple):
    """Points and their attributes, checked."""

    points: np.ndarray
    columns: list[attributes.Column]


class Instances(Target):
    """A point mesh with a modifier that makes the instances; a re-run replaces the points."""

    parts = transforms.PARTS
    has_attributes = has_space = True

    def ready(self, scope: Scope, place: Place) -> None:
        """Refuse a choice that is gone, and an earlier result that cannot be replaced."""
        placing.check(scope, place.target)
        check_shown(scope)

    def prepare(self, scope: Scope, place: Place, parts: Parts) -> Points:
        """Check all parts."""
        made = transforms.prepare(parts)
        sizes = {"point": len(made.points)}
        found = columns(parts, sizes)
        for name, array, kind in (
            (instancer.ROTATION, made.rotations, "QUATERNION"),
            (instancer.SCALE, made.scales, "FLOAT_VECTOR"),
            (instancer.TRANSFORM, made.matrices, "FLOAT4X4"),
        ):
            if array is not None:
                found.append(attributes.column(name, array, sizes, data_type=kind))
        return Points(made.points, found)

    def write(self, scope: Scope, place: Place, prepared: Points) -> str:
        """Make the point mesh, put it in place, and give it the modifier if it has none."""
        world = scope.frame(is_world=place.is_world)
        mesh = bpy.data.meshes.new(scope.call.title)
        mesh.vertices.add(len(prepared.points))
        if len(prepared.points):
            mesh.attributes["position"].data.foreach_set("vector", prepared.points.reshape(-1))
        for column in prepared.columns:
            column.write(mesh)
        mesh.update()
        ob = placing.place(scope, place.target, scope.call.title, mesh, world)
        names = {column.name for column in prepared.columns}
        instancer.attach(ob, names, scope.instanced(), _marker_size(prepared.points))
        count = len(prepared.points)
        return f"{count:,} instances made in {quoted(ob.name)}"


def _marker_size(points: np.ndarray) -> float:
    """Find a size at which one can see marks at `points` without their hiding each other."""
    if not len(points):
        return ALONE
    extent = float(np.linalg.norm(np.ptp(points, axis=0)))
    return extent / max(20.0, len(points) ** 0.5) or ALONE


TARGETS = {"instances": Instances()}
