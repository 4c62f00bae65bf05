"""Each of our operations, run by its operator on a cube and a sphere that overlap."""

from collections.abc import Callable

import bpy
import numpy as np
import pytest
from in_blender import InBlender, positions


def made(name: str) -> bpy.types.Object:
    (ob,) = bpy.data.collections[name].objects
    return ob


def attribute(name: str) -> np.ndarray:
    data = bpy.context.object.data.attributes[name].data
    values = np.empty(len(data), np.float32)
    data.foreach_get("value", values)
    return values


def volume(ob: bpy.types.Object) -> float:
    mesh = ob.data
    mesh.calc_loop_triangles()
    points = positions(ob).astype(np.float64)
    corners = points[np.array([tuple(it.vertices) for it in mesh.loop_triangles])]
    spans = np.cross(corners[:, 1], corners[:, 2])
    return float((corners[:, 0] * spans).sum() / 6)


CHECKS: dict[str, Callable[[np.ndarray], bool]] = {
    # Nothing of a convex body hides the sky from it.
    "ambient_occlusion": lambda _: bool((attribute("ambient_occlusion") == 1).all()),
    # A cube of 8 less half a sphere of 4.19, which is made of flat faces.
    "boolean_meshes": lambda _: 5.9 < volume(made("Boolean Meshes")) < 6.05,
    "build_navmesh": lambda _: len(made("Build Navmesh").data.polygons) >= 2,
    "displace_noise": lambda before: not np.allclose(before, positions(bpy.context.object)),
    "distance_to_mesh": lambda _: bool((attribute("distance") >= 0).all()),
    "layout_graph": lambda before: not np.allclose(before, positions(bpy.context.object)),
    "scatter_on_surface": lambda _: len(made("Scatter on Surface").data.vertices) == 1000,
    "settle_objects": lambda _: bpy.context.object.matrix_world.translation.z < 2,
    "simplify_mesh": lambda _: len(made("Simplify Mesh").data.polygons) < 12 * 49,
    "smooth_mesh": lambda before: not np.allclose(before, positions(bpy.context.object)),
}


def overlap() -> None:
    bpy.ops.mesh.primitive_uv_sphere_add(location=(1, 0, 0))
    bpy.context.object.name = "Second"
    bpy.ops.mesh.primitive_cube_add()
    bpy.ops.object.mode_set(mode="EDIT")
    bpy.ops.mesh.subdivide(number_cuts=6)
    bpy.ops.object.mode_set(mode="OBJECT")


@pytest.mark.parametrize("name", CHECKS)
def test_an_operation_runs_by_its_operator(blender: InBlender, name: str) -> None:
    overlap()
    if name == "settle_objects":
        bpy.context.object.location.z = 2
    before = positions(bpy.context.object)
    operator = getattr(bpy.ops.outboard, name)
    takes_second = "second_object" in operator.get_rna_type().properties
    given = {"second_object": "Second"} if takes_second else {}
    assert operator(**given) == {"FINISHED"}
    assert CHECKS[name](before)


def test_every_operation_of_ours_is_run_somewhere(blender: InBlender, told: dict) -> None:
    elsewhere = {"random_vectors", "transform_objects", "transform_points"}
    # It takes a file that the user chooses: see test_file.py.
    needs_more = {"embed_points"}
    names = {entry["name"] for entry in told["operations"]}
    assert names == set(CHECKS) | elsewhere | needs_more


def test_objects_settle_on_a_second_mesh_wherever_both_stand(blender: InBlender) -> None:
    bpy.ops.mesh.primitive_cube_add(size=1, location=(5, -3, 1), scale=(4, 4, 1))
    bpy.context.object.name = "Second"
    turn = (0, 0, np.pi / 4)
    bpy.ops.mesh.primitive_cube_add(size=1, location=(5, -3, 4), rotation=turn, scale=(2, 1, 1))
    assert bpy.ops.outboard.settle_objects(second_object="Second", bounce=0) == {"FINISHED"}
    np.testing.assert_allclose(bpy.context.object.location, (5, -3, 2), atol=0.1)
