"""Which objects a job works on, remembered by name and number because references die."""

from dataclasses import dataclass
from operator import attrgetter

import bpy

from .together import Together, collections, is_each

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


class Absent(Refused):
    """What an input would be read from is not there, which an optional input may do without."""


class Misfit(Refused):
    """A result that is not as its target wants it, whatever happened in the scene.

    It is hopeless where no other target would take it either.
    """

    def __init__(self, text: str, *, is_hopeless: bool = False) -> None:
        super().__init__(text)
        self.is_hopeless = is_hopeless


def quoted(name: str) -> str:
    """Put the name of something of the user's in quotes."""
    return f"‘{name}’"  # noqa: RUF001 - the quotes that Blender's own interface font has


@dataclass(frozen=True)
class Subjects:
    """Objects as they were when the job started. References would not survive undo or a file."""

    # One for each object; columns, as there may be many thousand.
    names: list[str]
    uids: list[int]
    # Of the first object, if it is a mesh: which one, and of how many vertices.
    mesh: tuple[int, int] = (0, 0)

    @classmethod
    def of(cls, objects: list[bpy.types.Object]) -> "Subjects":
        """Remember `objects`, at least one."""
        mesh = objects[0].data if objects[0].type == "MESH" else None
        size = (mesh.session_uid, len(mesh.vertices)) if mesh else (0, 0)
        return cls(names_of(objects), uids_of(objects), size)

    def __len__(self) -> int:
        return len(self.uids)


def names_of(objects: list[bpy.types.Object]) -> list[str]:
    """List the names of `objects`."""
    return list(map(attrgetter("name"), objects))


def uids_of(objects: list[bpy.types.Object]) -> list[int]:
    """List the numbers that `objects` have until the file is closed."""
    if isinstance(objects, Together):
        return objects.numbers("session_uid").tolist()
    return list(map(attrgetter("session_uid"), objects))


def find(subjects: Subjects) -> list[bpy.types.Object]:
    """Find the objects that `subjects` remember, in the same order.

    Raises
    ------
    Refused
        When one was deleted or renamed.
    """
    alike = map(Together, collections(len(subjects)))
    found = next((it for it in alike if uids_of(it) == subjects.uids), None) or _find(subjects)
    names = names_of(found)
    if names != subjects.names:
        before, now = next(it for it in zip(subjects.names, names, strict=True) if it[0] != it[1])
        raise Refused(f"{quoted(before)} was renamed to {quoted(now)}")
    return found


def _find(subjects: Subjects) -> list[bpy.types.Object]:
    # What is in no scene was deleted too, even where something else still uses it.
    there = [ob for scene in bpy.data.scenes for ob in scene.objects[:]]
    by_uid = dict(zip(uids_of(there), there, strict=True))
    found = list(map(by_uid.get, subjects.uids))
    if not all(found):
        raise Refused(f"{quoted(subjects.names[found.index(None)])} was deleted")
    return found


def check_mode(ob: bpy.types.Object | None) -> None:
    """Refuse an object that is being edited: what is written then is lost on leaving the mode."""
    if ob is not None and ob.mode != "OBJECT":
        mode = MODES.get(ob.mode, "another mode")
        who = quoted(ob.name)
        raise Refused(f"{who} is in {mode}: leave it first", f"{who} went into {mode}")


def check_modes(objects: list[bpy.types.Object]) -> None:
    """Refuse objects of which one is being edited."""
    if not is_each(objects, "mode", "OBJECT"):
        for ob in objects:
            check_mode(ob)


def check_editable(block: bpy.types.ID) -> None:
    """Refuse what comes from a linked library."""
    if not block.is_editable:
        raise Refused(f"{quoted(block.name)} is linked from another file and cannot be changed")


def check_single_user(ob: bpy.types.Object) -> None:
    """Refuse a mesh that other objects show too: they would all change."""
    others = ob.data.users - ob.data.use_fake_user - 1
    if others > 0:
        who = "another object" if others == 1 else f"{others:,} other objects"
        raise Refused(
            f"{quoted(ob.name)} shares its mesh with {who}: make it single-user first",
            f"{quoted(ob.name)} came to share its mesh with {who}",
        )


def check_no_shape_keys(ob: bpy.types.Object) -> None:
    """Refuse meshes whose positions cannot simply be replaced."""
    if ob.data.shape_keys:
        raise Refused(
            f"{quoted(ob.name)} has shape keys, which would hide the result",
            f"{quoted(ob.name)} got shape keys",
        )


def check_same_mesh(ob: bpy.types.Object, subjects: Subjects) -> None:
    """Refuse an object that has another mesh than it had, or one of another size."""
    uid, before = subjects.mesh
    if ob.data is None or ob.data.session_uid != uid:
        raise Refused(f"{quoted(ob.name)} got another mesh")
    count = len(ob.data.vertices)
    if count != before:
        raise Refused(f"{quoted(ob.name)} went from {before:,} to {count:,} vertices")


def active_mesh(context: bpy.types.Context) -> list[bpy.types.Object]:
    """Find the active object, which must be a mesh in Object Mode with at least one vertex."""
    ob = context.view_layer.objects.active
    if ob is None or ob.type != "MESH":
        raise Absent("The active object is not a mesh: click on a mesh object first")
    check_mode(ob)
    if not len(ob.data.vertices):
        raise Refused(f"{quoted(ob.name)} has no vertices")
    return [ob]


def chosen_mesh(context: bpy.types.Context, name: object) -> list[bpy.types.Object]:
    """Find the second mesh object, which the user chose by its name."""
    if not name:
        raise Absent("No second object is chosen: choose a mesh object for it")
    ob = context.scene.objects.get(str(name))
    if ob is None:
        raise Refused(f"There is no object named {quoted(str(name))} in this scene")
    if ob.type != "MESH":
        raise Refused(f"{quoted(ob.name)} is not a mesh: choose a mesh object")
    check_mode(ob)
    return [ob]


def chosen_file(path: object) -> str:
    """Give the path of the file that the user chose."""
    if not path:
        raise Absent("No file is chosen: choose one")
    return str(path)


def active_curve(context: bpy.types.Context) -> list[bpy.types.Object]:
    """Find the active object, which must be a curve, or hair curves, in Object Mode."""
    ob = context.view_layer.objects.active
    if ob is None or ob.type not in ("CURVE", "CURVES"):
        raise Absent("The active object is not a curve: click on a curve object first")
    check_mode(ob)
    return [ob]


def active_pointcloud(context: bpy.types.Context) -> list[bpy.types.Object]:
    """Find the active object, which must be a point cloud in Object Mode."""
    ob = context.view_layer.objects.active
    if ob is None or ob.type != "POINTCLOUD":
        raise Absent("The active object is not a point cloud: click on a point cloud first")
    check_mode(ob)
    return [ob]


def selected_objects(context: bpy.types.Context, collection: object = "") -> list[bpy.types.Object]:
    """Find all selected objects, or those of a collection; at least one, none being edited."""
    if collection:
        found = bpy.data.collections.get(str(collection))
        if found is None:
            raise Refused(f"There is no collection named {quoted(str(collection))}")
        there = set(context.scene.objects)
        objects = [ob for ob in found.all_objects if ob in there]
        if not objects:
            raise Refused(f"The collection {quoted(found.name)} has no objects in this scene")
    else:
        objects = Together(context.view_layer.objects.selected)
        if not objects:
            raise Absent("Nothing is selected: select one or more objects first")
    check_mode(context.view_layer.objects.active)
    return objects


def cube_or_active(context: bpy.types.Context) -> list[bpy.types.Object]:
    """Find the object named Cube in this scene, else the active object."""
    active = context.view_layer.objects.active
    ob = context.view_layer.objects.get("Cube") or active
    if ob is None:
        raise Absent("There is no object named Cube, and none is active: click on one first")
    check_mode(active)
    return [ob]
