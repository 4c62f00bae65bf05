"""Reads arrays from the scene: the sources that an operation's input can name.

====================== ============================= ==========================================
name                   array                         space, object
====================== ============================= ==========================================
mesh.points            float32 (n, 3)                own space of the active mesh
mesh.triangles         int32 (m, 3)                  every face cut into triangles
mesh.edges             int32 (k, 2)
mesh.normals           float32 (n, 3)                of the vertices, own space, length 1
mesh.uvs               float32 (m, 3, 2)             of the active UV map, at the corners of the
                                                     triangles
mesh....evaluated      as above                      the same with modifiers and shape keys
second....             as above                      the mesh object chosen as second, with its
                                                     modifiers, in the active mesh's own space
selected.points        float32 (s, 3)                the active mesh's selected vertices
attribute:NAME         float32, int32 or uint8, (n,) of the active mesh, one row per element of
                       to (n, 4, 4)                  its domain
vertex_group:NAME      float32 (n,)                  weights, 0 for vertices that are not in it
objects.matrix_world   float32 (n, 4, 4)             selected objects, row-major, column vectors
objects.locations      float32 (n, 3)                their origins in world space
objects.bounds         float32 (n, 2, 3)             lowest and highest corner, own space of each
curve.points           float32 (n, 3)                control points of all splines, own space
curve.offsets          int32 (splines + 1,)          spline i has the points from row offsets[i]
                                                     up to, not including, offsets[i + 1]
pointcloud.points      float32 (n, 3)                own space of the active point cloud
file                   float64 or float32 (n, d)     the table in the chosen .csv or .npy file
====================== ============================= ==========================================

Where a collection is chosen, its objects are meant instead of the selected ones.
With `@world` behind it, a source of points, normals or bounds gives them in world space.
"""

import numpy as np

from ..scope import Scope
from ..subjects import Absent, Refused, quoted
from . import curve, file, mesh, named, objects, space
from .source import Source

SOURCES: dict[str, Source] = {
    **mesh.SOURCES,
    **named.SOURCES,
    **objects.SOURCES,
    **curve.SOURCES,
    **file.SOURCES,
}


def find(name: str) -> tuple[Source, str, bool]:
    """Find the source that `name` means, what stands behind its colon, and if it says `@world`.

    Raises
    ------
    Refused
        When there is no such source.
    """
    head, colon, argument = name.partition(":")
    head, at, where = head.partition("@")
    source = SOURCES.get(head + colon)
    is_world = at + where == "@world"
    if source is None or (at and not is_world) or (is_world and source.carry is None):
        raise Refused(f"There is no source named {quoted(name)}")
    if colon and not argument:
        raise Absent(f"No name is given for the {source.what}")
    return source, argument, is_world


def is_known(name: str) -> bool:
    """Tell whether there is such a source."""
    try:
        find(name)
    except Refused:
        return False
    return True


def pick(scope: Scope) -> None:
    """Pick the objects of all inputs, which is quick, so that they can be checked.

    Raises
    ------
    Refused
        When those of an input that is not optional, or chosen by the user, are not there.
    """
    for name, source in scope.call.sources_for(scope.values).items():
        is_optional = _may_be_absent(scope, name, source)
        try:
            found, _, is_world = find(source)
            if found.role == "second" and found.carry and not is_world:
                scope.of("mesh")
            scope.of(found.role)
        except Absent:
            if not is_optional:
                raise


def read(scope: Scope) -> dict[str, np.ndarray]:
    """Read all inputs of a call; an optional one whose source is not there is left out.

    Raises
    ------
    Refused
        When one cannot be read.
    """
    arrays = {}
    for name, source in scope.call.sources_for(scope.values).items():
        is_optional = _may_be_absent(scope, name, source)
        try:
            arrays[name] = read_one(scope, source)
        except Absent:
            if not is_optional:
                raise
    return arrays


def _may_be_absent(scope: Scope, name: str, source: str) -> bool:
    # What the user chose by hand is meant: it is missed where it is not there.
    return name in scope.call.optional and source == scope.call.sources.get(name)


def read_one(scope: Scope, name: str) -> np.ndarray:
    """Read one source by its name."""
    source, argument, is_world = find(name)
    array = source.read(scope, argument)
    if source.carry is None:
        return array
    return space.carry(scope, source, array, is_world=is_world)


def is_same(scope: Scope, inputs: dict[str, np.ndarray]) -> bool:
    """Tell whether the scene would give the job the same arrays again."""
    try:
        now = read(scope)
    except Absent:
        return False
    names = scope.call.sources_for(scope.values)
    return now.keys() == inputs.keys() and all(
        _is_same(now[name], then, names[name]) for name, then in inputs.items()
    )


def _is_same(now: np.ndarray, then: np.ndarray, name: str) -> bool:
    # To look for what is not a number takes seven times as long.
    if np.array_equal(now, then) or (
        now.dtype.kind == "f" and np.array_equal(now, then, equal_nan=True)
    ):
        return True
    source, _, is_world = find(name)
    # What Blender evaluates anew may differ in the last place.
    is_evaluated = source.is_evaluated or is_world
    return is_evaluated and now.shape == then.shape and np.allclose(now, then, 1e-5, 1e-6)
