"""Target: a new mesh object from points, faces and what belongs to them."""

from collections.abc import Collection
from dataclasses import dataclass

import bpy
import numpy as np

from .. import attributes
from ..scope import Scope
from ..subjects import Refused, quoted
from . import checks, placing
from .attribute import columns, show_if_first
from .target import Parts, Place, Target

# Of a triangle.
CORNERS = 3
UV_MAP = "UVMap"
# Corners per face.
WIDTHS = {"triangles": 3, "quads": 4}


@dataclass
class Geometry:
    """A mesh that passed every check: only to be built."""

    points: np.ndarray
    # Corners of all faces, and how many each face has.
    corners: np.ndarray
    sizes: np.ndarray
    edges: np.ndarray
    normals: np.ndarray | None
    # At the corners.
    uvs: np.ndarray | None
    columns: list[attributes.Column]


def _check_points(parts: Collection[str]) -> None:
    if "points" not in parts:
        raise Refused("The result has no points to make a mesh of")


def geometry(parts: Parts) -> Geometry:
    """Check the parts of a new mesh.

    Raises
    ------
    Refused
        When they do not make one.
    """
    _check_points(parts)
    points = checks.floats(parts["points"], None, 3)
    count = len(points)
    corners, sizes = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    for name, width in WIDTHS.items():
        if name in parts:
            faces = checks.indices(parts[name], width, count, name)
            corners.append(faces.reshape(-1))
            sizes.append(np.full(len(faces), width, np.int32))
    edges = parts.get("edges", np.empty((0, 2), np.int32))
    made = Geometry(
        points,
        np.concatenate(corners),
        np.concatenate(sizes),
        checks.indices(edges, 2, count, "edges"),
        None,
        None,
        [],
    )
    normals, uvs = parts.get("normals"), parts.get("uvs")
    if normals is not None:
        made.normals = _at_corners(checks.floats(_corner_rows(normals), None, 3), made, "normals")
    if uvs is not None and len(uvs):
        made.uvs = _at_corners(checks.floats(_corner_rows(uvs), None, 2), made, "UVs")
    domains = {"point": count, "face": len(made.sizes), "corner": len(made.corners)}
    made.columns = columns(parts, domains)
    return made


def _corner_rows(array: np.ndarray) -> np.ndarray:
    """Give (m, 3, width), a row for each corner of each triangle, as (3 m, width)."""
    return array.reshape(-1, array.shape[-1]) if array.shape[1:-1] == (CORNERS,) else array


def _at_corners(rows: np.ndarray, made: Geometry, what: str) -> np.ndarray:
    if len(rows) == len(made.corners):
        return rows
    if len(rows) == len(made.points):
        return rows[made.corners]
    raise Refused(
        f"The result has {len(rows):,} {what}, and there are {len(made.points):,} vertices "
        f"and {len(made.corners):,} corners"
    )


def build(name: str, made: Geometry) -> bpy.types.Mesh:
    """Build the mesh. Shading is flat unless it has normals."""
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(made.points))
    if len(made.points):
        mesh.attributes["position"].data.foreach_set("vector", made.points.reshape(-1))
    if len(made.edges):
        mesh.edges.add(len(made.edges))
        mesh.attributes[".edge_verts"].data.foreach_set("value", made.edges.reshape(-1))
    if len(made.corners):
        starts = np.concatenate([[0], np.cumsum(made.sizes[:-1])]).astype(np.int32)
        mesh.loops.add(len(made.corners))
        mesh.attributes[".corner_vert"].data.foreach_set("value", made.corners)
        mesh.polygons.add(len(made.sizes))
        mesh.polygons.foreach_set("loop_start", starts)
    mesh.update(calc_edges=True)
    if made.uvs is not None and len(made.uvs):
        layer = mesh.uv_layers.new(name=UV_MAP, do_init=False)
        layer.uv.foreach_set("vector", made.uvs.reshape(-1))
    for column in made.columns:
        column.write(mesh)
        show_if_first(mesh, column)
    if made.normals is None:
        mesh.shade_flat()
    elif len(made.normals):
        mesh.normals_split_custom_set(made.normals)
    if _has_broken_faces(made):
        # Takes out faces and edges that use a vertex twice, with what belongs to them.
        mesh.validate()
    mesh.update()
    return mesh


def _has_broken_faces(made: Geometry) -> bool:
    if (made.edges[:, 0] == made.edges[:, 1]).any():
        return True
    return any(
        (faces[:, one] == faces[:, other]).any()
        for width in WIDTHS.values()
        for faces in [made.corners[np.repeat(made.sizes, made.sizes) == width].reshape(-1, width)]
        for one in range(width)
        for other in range(one)
    )


class NewMesh(Target):
    """A new mesh object, in place of the one of an earlier run."""

    parts = frozenset({"points", "triangles", "quads", "edges", "normals", "uvs"})
    has_attributes = has_space = True

    def ready(self, scope: Scope, place: Place) -> None:
        """Refuse a mesh without points, and an earlier result that cannot be replaced."""
        _check_points(place.outputs)
        placing.check(scope, place.target)

    def prepare(self, scope: Scope, place: Place, parts: Parts) -> Geometry:
        """Check all parts."""
        return geometry(parts)

    def write(self, scope: Scope, place: Place, prepared: Geometry) -> str:
        """Build the mesh and put it into the operation's collection."""
        world = scope.frame(is_world=place.is_world)
        name = scope.call.title
        ob = placing.place(scope, place.target, name, build(name, prepared), world)
        faces = f" and {len(ob.data.polygons):,} faces" if len(ob.data.polygons) else ""
        return f"{quoted(ob.name)} made with {len(ob.data.vertices):,} vertices{faces}"


TARGETS = {"mesh.new": NewMesh()}
