"""Target: a named attribute of the active mesh."""

import bpy

from .. import attributes, subjects
from ..scope import Scope
from ..subjects import Refused, quoted
from .target import Parts, Place, Target


def columns(parts: Parts, sizes: dict[str, int]) -> list[attributes.Column]:
    """Check the parts that are attributes of something new, which has elements as `sizes` says."""
    found = []
    for part, array in parts.items():
        if part.startswith("attribute:"):
            name, domain = attributes.split_domain(part.removeprefix("attribute:"))
            check_name(name)
            found.append(attributes.column(name, array, sizes, domain))
    return found


def check_name(name: str, ob: bpy.types.Object | None = None) -> None:
    """Refuse names that Blender keeps for itself, or has for something else."""
    there = ob.data.attributes.get(name) if ob else None
    is_own = name == "position" or name.startswith(".")
    if is_own or (there and (there.is_internal or there.is_required)):
        raise Refused(f"{quoted(name)} is an attribute of Blender's own: choose another name")
    if ob and name in ob.vertex_groups:
        raise Refused(f"{quoted(name)} is a vertex group of {quoted(ob.name)}: use another name")


def show_if_first(mesh: bpy.types.Mesh, column: attributes.Column) -> None:
    """Let colours be seen in the viewport where there are no others."""
    if column.data_type == "FLOAT_COLOR" and not mesh.attributes.active_color_name:
        mesh.attributes.active_color_name = column.name
        mesh.attributes.default_color_name = column.name


class Attribute(Target):
    """An attribute, new or with new values; its domain is found by the number of rows."""

    role = "mesh"
    takes_name = needs_name = True

    def ready(self, scope: Scope, place: Place) -> None:
        """Refuse meshes that are linked or shared, and names that are taken."""
        ob = scope.one("mesh")
        subjects.check_editable(ob.data)
        subjects.check_single_user(ob)
        check_name(attributes.split_domain(place.argument)[0], ob)

    def prepare(self, scope: Scope, place: Place, parts: Parts) -> attributes.Column:
        """Check that the rows fit a domain."""
        name, domain = attributes.split_domain(place.argument)
        return attributes.column(name, parts[""], attributes.counts(scope.one("mesh").data), domain)

    def write(self, scope: Scope, place: Place, prepared: attributes.Column) -> str:
        """Write the attribute."""
        ob = scope.one("mesh")
        prepared.write(ob.data)
        show_if_first(ob.data, prepared)
        ob.data.update()
        return f"Attribute {quoted(prepared.name)} of {quoted(ob.name)} written"


TARGETS = {"attribute": Attribute()}
