"""The objects that a job works with, by the part that each plays in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import bpy
from mathutils import Matrix

from . import subjects
from .calls import Call
from .choices import INSTANCED, OBJECTS_OF, SECOND
from .subjects import Refused, Subjects, quoted

# In whose own space new things lie, unless their target says `@world`.
STANDS = ("mesh", "curve", "pointcloud")

ROLES: dict[str, Callable[[Mapping[str, object]], list[bpy.types.Object]]] = {
    "mesh": lambda _values: subjects.active_mesh(bpy.context),
    "second": lambda values: subjects.chosen_mesh(bpy.context, values.get(SECOND)),
    # A file is no object.
    "file": lambda _values: [],
    "curve": lambda _values: subjects.active_curve(bpy.context),
    "pointcloud": lambda _values: subjects.active_pointcloud(bpy.context),
    "objects": lambda values: subjects.selected_objects(bpy.context, values.get(OBJECTS_OF)),
    "cube": lambda _values: subjects.cube_or_active(bpy.context),
}


@dataclass
class Scope:
    """Live references, to be used at once: none of them survives an undo or another file."""

    call: Call
    values: Mapping[str, object]
    objects: dict[str, list[bpy.types.Object]] = field(default_factory=dict)

    def of(self, role: str) -> list[bpy.types.Object]:
        """Give the objects of `role`, picked in the scene the first time.

        Raises
        ------
        Refused
            When there are none to pick.
        """
        if role not in self.objects:
            self.objects[role] = ROLES[role](self.values)
        return self.objects[role]

    def one(self, role: str) -> bpy.types.Object:
        """Give the object of a role that only one plays."""
        return self.of(role)[0]

    def forget_collections(self) -> None:
        """Look for the collections that hold the objects again, from now on."""
        self.objects = {role: objects[:] for role, objects in self.objects.items()}

    def remember(self) -> dict[str, Subjects]:
        """Turn the references into names and numbers, which last."""
        return {role: Subjects.of(them) for role, them in self.objects.items() if them}

    def stand(self) -> bpy.types.Object | None:
        """Find the object beside which new things are put; None where there is only the world."""
        return next((self.objects[role][0] for role in STANDS if self.objects.get(role)), None)

    def frame(self, *, is_world: bool) -> Matrix:
        """Give the world matrix that new things get: that of the object they were made from."""
        stand = self.stand()
        if is_world or stand is None:
            return Matrix()
        bpy.context.view_layer.update()
        return stand.matrix_world.copy()

    def instanced(self) -> bpy.types.Object | bpy.types.Collection | None:
        """Find the object, or else the collection, that instances show; None if none is chosen."""
        name = str(self.values.get(INSTANCED) or "")
        if not name:
            return None
        found = bpy.data.objects.get(name) or bpy.data.collections.get(name)
        if found is None:
            raise Refused(
                f"There is no object or collection named {quoted(name)}: choose another one",
                f"{quoted(name)} was deleted or renamed",
            )
        return found


def find(call: Call, values: Mapping[str, object], remembered: dict[str, Subjects]) -> Scope:
    """Make the scope again of what `Scope.remember` gave.

    Raises
    ------
    Refused
        When an object was deleted or renamed.
    """
    return Scope(call, values, {role: subjects.find(them) for role, them in remembered.items()})
