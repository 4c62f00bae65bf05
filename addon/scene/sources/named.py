"""Sources that the user named: attributes and vertex groups of the active mesh."""

import numpy as np

from .. import attributes
from ..scope import Scope
from ..subjects import Absent, quoted
from .source import Source


def attribute(scope: Scope, name: str) -> np.ndarray:
    """Read the attribute `name` of the active mesh, one row per element of its domain."""
    ob = scope.one("mesh")
    found = ob.data.attributes.get(name)
    if found is None:
        raise Absent(f"{quoted(ob.name)} has no attribute named {quoted(name)}")
    return attributes.read(found)


def vertex_group(scope: Scope, name: str) -> np.ndarray:
    """Read the weights of the vertex group `name`, 0 for the vertices that are not in it."""
    ob = scope.one("mesh")
    group = ob.vertex_groups.get(name)
    if group is None:
        raise Absent(f"{quoted(ob.name)} has no vertex group named {quoted(name)}")
    wanted = group.index
    # Blender gives weights one by one only.
    return np.fromiter(
        (
            next((entry.weight for entry in vertex.groups if entry.group == wanted), 0.0)
            for vertex in ob.data.vertices
        ),
        np.float32,
        len(ob.data.vertices),
    )


SOURCES = {
    "attribute:": Source("mesh", attribute, what="attribute"),
    "vertex_group:": Source("mesh", vertex_group, what="vertex group"),
}
