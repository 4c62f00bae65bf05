"""Sources that are curves, hair curves or point clouds."""

import bpy
import numpy as np

from .. import attributes
from ..scope import Scope
from ..subjects import Refused, quoted
from .source import Source


def points(ob: bpy.types.Object) -> np.ndarray:
    """Read the control points of every spline, one after another, float32 (n, 3)."""
    if ob.type == "CURVES":
        return _positions(ob)
    parts = []
    for spline in ob.data.splines:
        is_bezier = spline.type == "BEZIER"
        data = spline.bezier_points if is_bezier else spline.points
        # The points of other splines carry a weight as a fourth number.
        flat = np.empty(len(data) * (3 if is_bezier else 4), np.float32)
        data.foreach_get("co", flat)
        parts.append(flat.reshape(len(data), -1)[:, :3])
    if not parts:
        raise Refused(f"{quoted(ob.name)} has no points")
    return np.ascontiguousarray(np.concatenate(parts))


def offsets(ob: bpy.types.Object) -> np.ndarray:
    """Tell at which row of the points each spline begins, and where the last one ends."""
    if ob.type == "CURVES":
        lengths = [curve.points_length for curve in ob.data.curves]
    else:
        lengths = [len(spline.bezier_points) or len(spline.points) for spline in ob.data.splines]
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)


def _positions(ob: bpy.types.Object) -> np.ndarray:
    found = ob.data.attributes.get("position")
    if found is None or not len(found.data):
        raise Refused(f"{quoted(ob.name)} has no points")
    return attributes.read(found)


def _curve_points(scope: Scope, _argument: str) -> np.ndarray:
    return points(scope.one("curve"))


def _curve_offsets(scope: Scope, _argument: str) -> np.ndarray:
    return offsets(scope.one("curve"))


def _cloud_points(scope: Scope, _argument: str) -> np.ndarray:
    return _positions(scope.one("pointcloud"))


SOURCES = {
    "curve.points": Source("curve", _curve_points, "points"),
    "curve.offsets": Source("curve", _curve_offsets),
    "pointcloud.points": Source("pointcloud", _cloud_points, "points"),
}
