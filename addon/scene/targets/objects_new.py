"""Target: new objects, for as many as one would still pick by hand."""

import bpy
import numpy as np
from mathutils import Matrix

from ..scope import Scope
from ..subjects import Refused, check_mode
from . import placing, transforms
from .target import Parts, Place, Target

# More of them make Blender slow; instances have no such limit.
MOST = 10_000


class NewObjects(Target):
    """Objects that share the chosen one's data, or empties where none is chosen."""

    parts = transforms.PARTS
    has_space = True

    def ready(self, scope: Scope, place: Place) -> None:
        """Refuse a choice that is gone, and an earlier result that cannot be replaced."""
        placing.check(scope, place.target)
        check_shown(scope)

    def prepare(self, scope: Scope, place: Place, parts: Parts) -> np.ndarray:
        """Check all parts and how many they are."""
        prepared = transforms.prepare(parts)
        count = len(prepared.points)
        if count > MOST:
            raise Refused(
                f"The result has {count:,} places: more than {MOST:,} new objects make Blender "
                "slow, choose instances instead"
            )
        return prepared.as_matrices()

    def write(self, scope: Scope, place: Place, prepared: np.ndarray) -> str:
        """Make the objects, in place of those of an earlier run."""
        shown = scope.instanced()
        is_chosen = placing.clear(scope, place.target)
        frame = np.array(scope.frame(is_world=place.is_world))
        made = [
            placing.put(scope, place.target, _make(scope, shown), Matrix(matrix))
            for matrix in (frame @ prepared).tolist()
        ]
        if is_chosen:
            placing.choose(scope, made)
        what = "object" if len(prepared) == 1 else "objects"
        return f"{len(prepared):,} {what} made"


def _make(scope: Scope, shown: bpy.types.Object | bpy.types.Collection | None) -> bpy.types.Object:
    if isinstance(shown, bpy.types.Object):
        ob = shown.copy()
        # A parent or a constraint would put the copy elsewhere.
        ob.parent = None
        ob.constraints.clear()
        ob.animation_data_clear()
        return ob
    ob = bpy.data.objects.new(scope.call.title, None)
    if shown is not None:
        ob.name = shown.name
        ob.instance_type, ob.instance_collection = "COLLECTION", shown
    return ob


def check_shown(scope: Scope) -> None:
    """Refuse to show a collection within itself, or an object that is being edited."""
    shown = scope.instanced()
    if isinstance(shown, bpy.types.Object):
        check_mode(shown)
        if shown.get(placing.MADE_BY) == scope.call.name:
            raise Refused("What this operation made cannot be shown by it: choose another object")
    elif shown is not None:
        within = [shown, *shown.children_recursive]
        if any(it.get(placing.MADE_BY) == scope.call.name for it in within):
            raise Refused("The result would show itself: choose another collection")


TARGETS = {"objects.new": NewObjects()}
