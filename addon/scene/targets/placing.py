"""Puts new objects into a collection named after the operation, in place of an earlier run's."""

import bpy
from mathutils import Matrix

from .. import subjects
from ..scope import Scope

# Custom properties of what was made here: of which button, as which target, from which object.
MADE_BY, MADE_AS, MADE_FROM = "outboard_operation", "outboard_target", "outboard_from"


def check(scope: Scope, target: str) -> None:
    """Refuse an earlier result that cannot be replaced."""
    subjects.check_editable(bpy.context.scene)
    subjects.check_mode(bpy.context.view_layer.objects.active)
    for ob in earlier(scope, target):
        subjects.check_mode(ob)


def origin(scope: Scope) -> str:
    """Name the object that a result is made from; a re-run for another one adds to the first."""
    stand = scope.stand()
    return stand.name if stand else ""


def earlier(scope: Scope, target: str) -> list[bpy.types.Object]:
    """List what the last run for the same object made, without what this job itself works on."""
    collection = _find(scope)
    if collection is None:
        return []
    used = {ob for them in scope.objects.values() for ob in them}
    return [
        ob
        for ob in collection.objects
        if (ob.get(MADE_AS), ob.get(MADE_FROM)) == (target, origin(scope))
        and ob.get(MADE_BY) == scope.call.name
        and ob not in used
        and ob.is_editable
    ]


def place(
    scope: Scope, target: str, name: str, data: bpy.types.ID | None, world: Matrix
) -> bpy.types.Object:
    """Give the earlier object new `data`, or make an object of it; the others of before go.

    Its name, its modifiers, its own visibility and, for meshes, its materials are kept.
    """
    found = earlier(scope, target)
    kept = next((ob for ob in found if data and ob.data and ob.type == "MESH"), None)
    if kept is None:
        is_chosen = clear(scope, target)
        made = put(scope, target, bpy.data.objects.new(name, data), world)
        if is_chosen:
            choose(scope, [made])
        return made
    remove([ob for ob in found if ob is not kept])
    old = kept.data
    for material in old.materials:
        data.materials.append(material)
    kept.data = data
    kept.matrix_world = world
    if old.users == 0:
        bpy.data.meshes.remove(old)
    return kept


def put(scope: Scope, target: str, ob: bpy.types.Object, world: Matrix) -> bpy.types.Object:
    """Link a new object into the operation's collection and mark it as made here."""
    ob[MADE_BY], ob[MADE_AS], ob[MADE_FROM] = scope.call.name, target, origin(scope)
    collection(scope).objects.link(ob)
    ob.matrix_world = world
    return ob


def clear(scope: Scope, target: str) -> bool:
    """Remove what the last run made; tells whether the new result is to be chosen.

    That is so where there was none, or where it was selected itself.
    """
    found = earlier(scope, target)
    is_chosen = not found or any(ob.select_get() for ob in found)
    remove(found)
    return is_chosen


def choose(scope: Scope, made: list[bpy.types.Object]) -> None:
    """Select what is new and nothing else, and make it active, as Blender's own Add does.

    What it was made from stays active, or selected: the next press of the button works on that
    again, and not on its own result.
    """
    if scope.objects.get("objects"):
        return
    # The user may have hidden the operation's collection, or taken it out of the view layer.
    found = [ob for ob in made if ob.visible_get()]
    if not found:
        return
    layer = bpy.context.view_layer
    for ob in layer.objects.selected:
        ob.select_set(False)
    for ob in found:
        ob.select_set(True)
    if scope.stand() is None:
        layer.objects.active = found[0]


def remove(objects: list[bpy.types.Object]) -> None:
    """Remove objects, and the meshes that nothing else uses."""
    meshes = {ob.data for ob in objects if ob.type == "MESH"}
    bpy.data.batch_remove(objects)
    bpy.data.batch_remove([mesh for mesh in meshes if mesh.users == 0])


def collection(scope: Scope) -> bpy.types.Collection:
    """Find the operation's collection in this scene, or make it."""
    found = _find(scope)
    if found is None:
        found = bpy.data.collections.new(scope.call.title)
        found[MADE_BY] = scope.call.name
        bpy.context.scene.collection.children.link(found)
    return found


def _find(scope: Scope) -> bpy.types.Collection | None:
    return next(
        (
            it
            for it in bpy.context.scene.collection.children_recursive
            if it.get(MADE_BY) == scope.call.name and it.is_editable
        ),
        None,
    )
