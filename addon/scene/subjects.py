"""Which objects a job works on, remembered by name and number because references die."""

from dataclasses import dataclass

import bpy

MODES = {
    "EDIT": "Edit Mode",
    "SCULPT": "Sculpt Mode",
    "VERTEX_PAINT": "Vertex Paint",
    "WEIGHT_PAINT": "Weight Paint",
    "TEXTURE_PAINT": "Texture Paint",
    "POSE": "Pose Mode",
}


class Refused(Exception):  # noqa: N818 - reads as what happened
    """Something cannot be read or applied; the text is one plain line for the user.

    `later` says the same as something that happened while a job ran.
    """

    def __init__(self, text: str, later: str = "") -> None:
        super().__init__(text)
        self.later = later or text


def quoted(name: str) -> str:
    """Put the name of something of the user's in quotes."""
    return f"‘{name}’"  # noqa: RUF001 - the quotes that Blender's own interface font has


@dataclass(frozen=True)
class Subject:
    """An object as it was when the job started. A reference would not survive undo or a file."""

    name: str
    uid: int
    data_uid: int
    vertices: int

    @classmethod
    def of(cls, ob: bpy.types.Object) -> "Subject":
        """Remember `ob`."""
        mesh = ob.data if ob.type == "MESH" else None
        return cls(
            ob.name,
            ob.session_uid,
            mesh.session_uid if mesh else 0,
            len(mesh.vertices) if mesh else 0,
        )


def find(subjects: list[Subject]) -> list[bpy.types.Object]:
    """Find the objects that `subjects` remember, in the same order.

    Raises
    ------
    Refused
        When one was deleted or renamed.
    """
    by_uid = {ob.session_uid: ob for ob in bpy.data.objects}
    found = []
    for subject in subjects:
        ob = by_uid.get(subject.uid)
        if ob is None:
            raise Refused(f"{quoted(subject.name)} was deleted")
        if ob.name != subject.name:
            raise Refused(f"{quoted(subject.name)} was renamed to {quoted(ob.name)}")
        found.append(ob)
    return found


def check_mode(ob: bpy.types.Object | None) -> None:
    """Refuse an object that is being edited: what is written then is lost on leaving the mode."""
    if ob is not None and ob.mode != "OBJECT":
        mode = MODES.get(ob.mode, "another mode")
        who = quoted(ob.name)
        raise Refused(f"{who} is in {mode}: leave it first", f"{who} went into {mode}")


def check_editable(block: bpy.types.ID) -> None:
    """Refuse what comes from a linked library."""
    if not block.is_editable:
        raise Refused(f"{quoted(block.name)} is linked from another file and cannot be changed")


def check_mesh(ob: bpy.types.Object) -> None:
    """Refuse meshes whose positions cannot simply be replaced."""
    check_editable(ob.data)
    if ob.data.shape_keys:
        raise Refused(
            f"{quoted(ob.name)} has shape keys, which would hide the result",
            f"{quoted(ob.name)} got shape keys",
        )


def active_mesh(context: bpy.types.Context) -> list[bpy.types.Object]:
    """Find the active object, which must be a mesh in Object Mode with at least one vertex."""
    ob = context.view_layer.objects.active
    if ob is None or ob.type != "MESH":
        raise Refused("The active object is not a mesh: click on a mesh object first")
    check_mode(ob)
    check_mesh(ob)
    if not len(ob.data.vertices):
        raise Refused(f"{quoted(ob.name)} has no vertices")
    return [ob]


def selected_objects(context: bpy.types.Context) -> list[bpy.types.Object]:
    """Find all selected objects, at least one, none of them being edited."""
    objects = list(context.view_layer.objects.selected)
    if not objects:
        raise Refused("Nothing is selected: select one or more objects first")
    check_mode(context.view_layer.objects.active)
    for ob in objects:
        check_editable(ob)
    return objects


def cube_or_active(context: bpy.types.Context) -> list[bpy.types.Object]:
    """Find the object named Cube in this scene, else the active object."""
    active = context.view_layer.objects.active
    ob = context.view_layer.objects.get("Cube") or active
    if ob is None:
        raise Refused("There is no object named Cube, and none is active: click on one first")
    check_mode(active)
    check_editable(ob)
    return [ob]
