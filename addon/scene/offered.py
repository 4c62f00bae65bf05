"""The sources and targets that the panel offers, in the user's words and in the order shown."""

import functools
from collections.abc import Mapping
from typing import Any, NamedTuple

POINTS, VECTORS = frozenset({"points"}), frozenset({"vectors"})
PLACES = POINTS | VECTORS
MATRICES, TRIANGLES, EDGES = (frozenset({it}) for it in ("matrices", "triangles", "edges"))
NUMBERS = PLACES | MATRICES | {"scalars", "colors"}

FLOATS, INTEGERS = frozenset({"float32"}), frozenset({"int32"})
ANY = FLOATS | INTEGERS | {"uint8"}


class Option(NamedTuple):
    """One item of a drop-down. `row` is the shape of a row; None stands for any, or any size."""

    name: str
    title: str
    description: str
    kinds: frozenset[str]
    row: tuple[int | None, ...] | None = None
    dtypes: frozenset[str] = FLOATS

    def fits(self, kind: str, dtypes: frozenset[str] | None, row: tuple[object, ...]) -> bool:
        """Tell whether this can be an array of such a kind, of one of the dtypes, of such rows."""
        has_dtype = dtypes is None or dtypes & self.dtypes
        return bool(kind in self.kinds and has_dtype and self._has_row(row))

    def _has_row(self, row: tuple[object, ...]) -> bool:
        if self.row is None:
            return True
        return len(row) == len(self.row) and all(
            isinstance(want, str) or got in (want, None)
            for want, got in zip(row, self.row, strict=True)
        )


def _of_mesh(
    what: str, title: str, told: str, kinds: frozenset[str], row: tuple[int, ...], is_float: bool
) -> list[Option]:
    dtypes = FLOATS if is_float else INTEGERS
    return [
        Option(f"mesh.{what}", title, f"{told} of the active mesh", kinds, row, dtypes),
        Option(
            *(f"mesh.{what}.evaluated", f"{title} with Modifiers"),
            *(f"{told} of the active mesh as it shows, with its modifiers", kinds, row, dtypes),
        ),
        Option(
            *(f"second.{what}", f"{title} of Second Object"),
            *(f"{told} of another mesh, with its modifiers", kinds, row, dtypes),
        ),
    ]


SOURCES = (
    *_of_mesh("points", "Vertices", "The vertices", POINTS, (3,), is_float=True),
    Option(
        *("selected.points", "Selected Vertices"),
        *("The vertices of the active mesh that are selected in Edit Mode", POINTS, (3,)),
    ),
    *_of_mesh("triangles", "Faces", "The faces", TRIANGLES, (3,), is_float=False),
    *_of_mesh("edges", "Edges", "The edges", EDGES, (2,), is_float=False),
    *_of_mesh("normals", "Normals", "The vertex normals", VECTORS, (3,), is_float=True),
    *_of_mesh("uvs", "UV Map", "The active UV map", VECTORS, (3, 2), is_float=True),
    Option("curve.points", "Curve Points", "The points of the active curve", POINTS, (3,)),
    Option("pointcloud.points", "Point Cloud", "The active point cloud", POINTS, (3,)),
    Option(
        *("objects.locations", "Object Locations"),
        *("Where the selected objects, or those of a collection, are", PLACES, (3,)),
    ),
    Option(
        *("objects.matrix_world", "Object Transforms"),
        *("World matrices of the selected objects, or those of a collection", MATRICES, (4, 4)),
    ),
    Option(
        *("objects.bounds", "Object Bounds"),
        *("The boxes around the selected objects, or those of a collection", POINTS, (2, 3)),
    ),
    Option(
        *("vertex_group:", "Vertex Group", "The weights of a vertex group of the active mesh"),
        *(frozenset({"scalars"}), ()),
    ),
    Option("attribute:", "Attribute", "An attribute of the active mesh", NUMBERS, None, ANY),
    Option(
        *("file", "Table in a File", "The rows of a .csv or .npy file"),
        *(PLACES | {"scalars", "colors"}, (None,), frozenset({"float32", "float64"})),
    ),
)

TARGETS = (
    Option("mesh.points", "Vertices", "Move the vertices of the active mesh", PLACES, (3,)),
    Option("selected.points", "Selected Vertices", "Move only those selected", PLACES, (3,)),
    Option("shape_key", "Shape Key", "Make a shape key of the active mesh", PLACES, (3,)),
    Option("mesh.copy.points", "Copy", "Make a copy of the active object", PLACES, (3,)),
    Option("mesh.new.points", "New Mesh", "Make a new mesh object", PLACES, (3,)),
    Option("mesh.new.triangles", "New Mesh", "Make its faces", TRIANGLES, (3,), INTEGERS),
    Option("mesh.new.edges", "New Mesh", "Make its edges", EDGES, (2,), INTEGERS),
    Option("objects.locations", "Object Locations", "Put the objects there", PLACES, (3,)),
    Option("location.add", "Object Offsets", "Move the objects by so much", PLACES, (3,)),
    Option("objects.matrix_world", "Object Transforms", "Put the objects", MATRICES, (4, 4)),
    Option("objects.new.points", "New Objects", "Put an object at each", PLACES, (3,)),
    Option("objects.new.matrices", "New Objects", "Put an object at each", MATRICES, (4, 4)),
    Option("instances.points", "Instances", "Show an object at each", PLACES, (3,)),
    Option("instances.matrices", "Instances", "Show an object at each", MATRICES, (4, 4)),
    Option("attribute:", "Attribute", "Make an attribute of the active mesh", NUMBERS, None, ANY),
)


def fitting(offered: tuple[Option, ...], about: Mapping[str, Any]) -> list[Option]:
    """Give those of `SOURCES` or `TARGETS` that can be an array as the catalogue describes it."""
    dtype = about.get("dtype")
    # That of an output may depend on its parameters or inputs: it is converted anyway.
    dtypes = None
    if not isinstance(dtype, dict):
        dtypes = frozenset({dtype} if isinstance(dtype, str) else dtype or ())
    # Several shapes to choose from are no single row: nothing of that size is offered.
    row = tuple(it if isinstance(it, str | int) else -1 for it in about["shape"][1:])
    return list(_fitting(offered, about["kind"], dtypes, row))


@functools.cache
def _fitting(
    offered: tuple[Option, ...], kind: str, dtypes: frozenset[str] | None, row: tuple[object, ...]
) -> tuple[Option, ...]:
    # Most arrays are of one of a few sorts.
    return tuple(it for it in offered if it.fits(kind, dtypes, row))
