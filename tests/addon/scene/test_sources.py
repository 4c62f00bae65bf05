"""What the sources read agrees with Blender's own, element by element, and with numpy."""

import bpy
import numpy as np
import pytest
from in_blender import activate, add, make_grid, positions, read, scope_of
from mathutils import Matrix

from outboard.scene import sources
from outboard.scene.subjects import Absent, Refused

pytestmark = pytest.mark.usefixtures("registered")

PLACE = (
    Matrix.Translation((1, -2, 3)) @ Matrix.Rotation(0.7, 4, "Y") @ Matrix.Diagonal((2, 1, 3, 1))
)


def bumpy_grid(rows: int = 5, columns: int = 4) -> bpy.types.Object:
    grid = make_grid(rows, columns)
    for vertex in grid.data.vertices:
        vertex.co.z = np.sin(vertex.index)
    grid.matrix_world = PLACE
    bpy.context.view_layer.update()
    return grid


def in_world(points: np.ndarray, matrix: Matrix = PLACE) -> np.ndarray:
    by = np.array(matrix, np.float64)
    return points @ by[:3, :3].T + by[:3, 3]


def test_points_are_in_own_space_or_in_the_worlds() -> None:
    grid = bumpy_grid()
    np.testing.assert_array_equal(read("mesh.points"), positions(grid))
    np.testing.assert_allclose(read("mesh.points@world"), in_world(positions(grid)), atol=1e-5)
    assert read("mesh.points@world").dtype == np.float32


def test_evaluated_points_have_the_modifiers() -> None:
    grid = bumpy_grid()
    grid.modifiers.new("Mirror", "MIRROR").use_mirror_merge = False
    own = positions(grid)
    mirrored = np.concatenate([own, own * (-1, 1, 1)])
    np.testing.assert_allclose(read("mesh.points.evaluated"), mirrored, atol=1e-6)
    np.testing.assert_array_equal(read("mesh.points"), own)
    assert read("mesh.triangles.evaluated").max() == len(mirrored) - 1
    assert len(read("mesh.triangles.evaluated")) == 2 * len(read("mesh.triangles"))


def test_triangles_and_edges_name_the_vertices_of_the_faces() -> None:
    mesh = bumpy_grid().data
    triangles = read("mesh.triangles")
    assert (triangles.dtype, triangles.shape) == (np.int32, (2 * len(mesh.polygons), 3))
    mesh.calc_loop_triangles()
    assert triangles.tolist() == [list(it.vertices) for it in mesh.loop_triangles]
    corners = positions(bpy.context.object)[triangles].astype(np.float64)
    area = np.linalg.norm(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
    ).sum()
    assert area / 2 == pytest.approx(sum(it.area for it in mesh.loop_triangles), rel=1e-5)
    assert read("mesh.edges").tolist() == [list(edge.vertices) for edge in mesh.edges]


def test_a_mesh_of_nothing_but_points_has_no_edges_and_no_faces() -> None:
    mesh = bpy.data.meshes.new("Points")
    mesh.from_pydata([(1, 2, 3), (4, 5, 6)], [], [])
    add("Points", mesh)
    shapes = {name: read(f"mesh.{name}").shape for name in ("points", "edges", "triangles")}
    assert shapes == {"points": (2, 3), "edges": (0, 2), "triangles": (0, 3)}
    assert read("mesh.points.evaluated").shape == (2, 3)
    assert read("mesh.normals").shape == (2, 3)


def test_normals_are_those_of_the_vertices() -> None:
    mesh = bumpy_grid().data
    wanted = [tuple(vertex.normal) for vertex in mesh.vertices]
    np.testing.assert_allclose(read("mesh.normals"), wanted, atol=1e-6)


def test_normals_in_the_world_stay_upright_under_uneven_scale() -> None:
    flat = make_grid(3, 3)
    flat.data.transform(Matrix.Rotation(0.6, 4, "X"))
    flat.matrix_world = PLACE
    world = read("mesh.normals@world")
    flat.data.transform(PLACE)
    np.testing.assert_allclose(world, read("mesh.normals"), atol=1e-5)


def test_uvs_belong_to_the_corners_of_the_triangles() -> None:
    mesh = bumpy_grid().data
    uvs = read("mesh.uvs")
    mesh.calc_loop_triangles()
    layer = mesh.uv_layers.active.data
    wanted = [tuple(layer[loop].uv) for it in mesh.loop_triangles for loop in it.loops]
    assert uvs.shape == (len(mesh.loop_triangles), 3, 2)
    np.testing.assert_array_equal(uvs.reshape(-1, 2), np.array(wanted, np.float32))
    while mesh.uv_layers:
        mesh.uv_layers.remove(mesh.uv_layers[0])
    with pytest.raises(Absent, match="no UV map"):
        read("mesh.uvs")


def test_only_the_selected_vertices_are_read() -> None:
    grid = bumpy_grid()
    chosen = [1, 4, 7]
    for vertex in grid.data.vertices:
        vertex.select = vertex.index in chosen
    np.testing.assert_array_equal(read("selected.points"), positions(grid)[chosen])
    grid.data.vertices.foreach_set("select", np.zeros(20, bool))
    with pytest.raises(Refused, match="no selected vertices"):
        read("selected.points")


@pytest.mark.parametrize(
    ("data_type", "domain", "key", "value", "dtype"),
    [
        ("FLOAT", "POINT", "value", 0.5, np.float32),
        ("INT", "FACE", "value", -7, np.int32),
        ("INT8", "EDGE", "value", -7, np.int32),
        ("BOOLEAN", "POINT", "value", True, np.uint8),
        ("FLOAT2", "CORNER", "vector", (0.5, 2), np.float32),
        ("FLOAT_VECTOR", "POINT", "vector", (0.5, 2, -3), np.float32),
        ("FLOAT_COLOR", "CORNER", "color", (0.5, 2, 0, 1), np.float32),
        ("BYTE_COLOR", "POINT", "color", (1, 0, 0, 1), np.float32),
        ("QUATERNION", "POINT", "value", (1, 0, 0, 0), np.float32),
        ("FLOAT4X4", "POINT", "value", PLACE, np.float32),
    ],
)
def test_attributes_are_read_by_their_type_and_domain(
    data_type: str, domain: str, key: str, value: object, dtype: type
) -> None:
    grid = bumpy_grid()
    attribute = grid.data.attributes.new("mine", data_type, domain)
    setattr(attribute.data[3], key, value)
    array = read("attribute:mine")
    assert (array.dtype, len(array)) == (dtype, len(attribute.data))
    np.testing.assert_allclose(array[3], np.array(value, dtype), atol=1e-6)


def test_an_attribute_that_is_not_there_or_holds_no_numbers_is_said() -> None:
    grid = bumpy_grid()
    with pytest.raises(Absent, match="no attribute named ‘mine’"):  # noqa: RUF001
        read("attribute:mine")
    grid.data.attributes.new("mine", "STRING", "POINT")
    with pytest.raises(Refused, match="holds no numbers"):
        read("attribute:mine")


def test_vertex_groups_are_read_as_weights() -> None:
    grid = bumpy_grid()
    grid.vertex_groups.new(name="Other").add([0, 1], 1, "REPLACE")
    grid.vertex_groups.new(name="Soft").add([1, 3], 0.25, "REPLACE")
    wanted = np.zeros(20, np.float32)
    wanted[[1, 3]] = 0.25
    np.testing.assert_array_equal(read("vertex_group:Soft"), wanted)
    with pytest.raises(Absent, match="no vertex group named"):
        read("vertex_group:Hard")


def test_the_second_mesh_comes_with_modifiers_in_the_space_of_the_first() -> None:
    second = bpy.data.objects["Cube"]
    second.matrix_world = Matrix.Translation((0, 5, 0)) @ Matrix.Scale(2, 4)
    second.modifiers.new("Array", "ARRAY").count = 2
    activate(bumpy_grid())
    own = np.concatenate([positions(second), positions(second) + np.array((2, 0, 0))])
    world = in_world(own, second.matrix_world)
    got = read("second.points@world", second_object="Cube")
    np.testing.assert_allclose(got, world, atol=1e-5)
    there = read("second.points", second_object="Cube")
    np.testing.assert_allclose(in_world(there), world, atol=1e-5)
    assert read("second.triangles", second_object="Cube").shape == (24, 3)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("", "No second object"), ("Nobody", "no object named"), ("Light", "is not a mesh")],
)
def test_a_second_object_that_cannot_be_read_is_said(name: str, reason: str) -> None:
    activate(bpy.data.objects["Cube"])
    with pytest.raises(Refused, match=reason):
        read("second.points", second_object=name)


def test_selected_objects_are_read_by_matrix_location_and_bounds() -> None:
    cube, light = bpy.data.objects["Cube"], bpy.data.objects["Light"]
    cube.matrix_world = PLACE
    bpy.context.view_layer.update()
    activate(cube)
    light.select_set(True)
    matrices = read("objects.matrix_world")
    order = [0, 1] if np.allclose(matrices[0], PLACE) else [1, 0]
    np.testing.assert_allclose(matrices[order], [cube.matrix_world, light.matrix_world], atol=1e-6)
    np.testing.assert_array_equal(read("objects.locations"), matrices[:, :3, 3])
    bounds = read("objects.bounds")[order]
    np.testing.assert_allclose(bounds[0], [[-1, -1, -1], [1, 1, 1]], atol=1e-6)
    corners = in_world(positions(cube))
    around = read("objects.bounds@world")[order]
    np.testing.assert_allclose(around[0], [corners.min(0), corners.max(0)], atol=1e-5)
    np.testing.assert_allclose(around[1], [light.location, light.location], atol=1e-5)


def test_the_objects_of_a_collection_are_read_instead_of_the_selected_ones() -> None:
    group = bpy.data.collections.new("Group")
    bpy.context.scene.collection.children.link(group)
    for name in ("Light", "Camera"):
        group.objects.link(bpy.data.objects[name])
    wanted = [tuple(ob.location) for ob in group.all_objects]
    got = read("objects.locations", objects_of="Group")
    np.testing.assert_allclose(got, wanted, atol=1e-6)
    for chosen, reason in (("Nobody", "no collection named"), ("Empty", "has no objects")):
        bpy.data.collections.new("Empty")
        with pytest.raises(Refused, match=reason):
            read("objects.locations", objects_of=chosen)


def test_curves_are_read_spline_by_spline() -> None:
    curve = bpy.data.curves.new("Curve", "CURVE")
    curve.dimensions = "3D"
    bezier = curve.splines.new("BEZIER")
    bezier.bezier_points.add(1)
    bezier.bezier_points[1].co = (1, 2, 3)
    poly = curve.splines.new("POLY")
    poly.points.add(2)
    poly.points[2].co = (4, 5, 6, 1)
    add("Curve", curve).matrix_world = PLACE
    wanted = np.array([(0, 0, 0), (1, 2, 3), (0, 0, 0), (0, 0, 0), (4, 5, 6)], np.float32)
    np.testing.assert_array_equal(read("curve.points"), wanted)
    np.testing.assert_allclose(read("curve.points@world"), in_world(wanted), atol=1e-5)
    assert read("curve.offsets").tolist() == [0, 2, 5]


def test_hair_curves_are_read_too() -> None:
    hair = bpy.data.hair_curves.new("Hair")
    hair.add_curves([2, 3])
    hair.points[4].position = (1, 2, 3)
    add("Hair", hair)
    points = read("curve.points")
    assert (points.shape, points[4].tolist()) == ((5, 3), [1, 2, 3])
    assert read("curve.offsets").tolist() == [0, 2, 5]


def test_point_clouds_are_read() -> None:
    activate(bpy.data.objects["Cube"])
    wanted = positions(bpy.context.object)
    bpy.ops.object.convert(target="POINTCLOUD")
    assert bpy.context.object.type == "POINTCLOUD"
    np.testing.assert_array_equal(read("pointcloud.points"), wanted)
    with pytest.raises(Refused, match="not a mesh"):
        read("mesh.points")


def test_an_optional_input_may_be_absent() -> None:
    bumpy_grid()
    inputs = {"points": "mesh.points", "mask": "attribute:mask", "other": ""}
    read_all = scope_of(inputs, optional=frozenset({"mask", "other"}))
    assert sources.read(read_all).keys() == {"points"}
    with pytest.raises(Absent, match="no attribute named"):
        sources.read(scope_of(inputs, optional=frozenset({"other"})))
    bpy.context.object.data.attributes.new("mask", "FLOAT", "POINT")
    assert sources.read(read_all).keys() == {"points", "mask"}


def test_a_source_that_the_user_chose_counts() -> None:
    grid = bumpy_grid()
    scope = scope_of({"points": "mesh.points"}, source_points="mesh.normals")
    np.testing.assert_allclose(
        sources.read(scope)["points"], [tuple(it.normal) for it in grid.data.vertices], atol=1e-6
    )
    assert scope.call.params_for({"source_points": "mesh.normals", "size": 2}) == {"size": 2}


@pytest.mark.parametrize("name", ["mesh", "mesh.pints", "mesh.triangles@world", "mesh.points@moon"])
def test_a_name_that_means_nothing_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="no source named"):
        read(name)
    assert not sources.is_known(name)


@pytest.mark.parametrize("name", ["mesh.points@world", "attribute:mine", "second.points"])
def test_a_name_is_known_before_there_is_anything_to_read(name: str) -> None:
    assert sources.is_known(name)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("curve.points", "not a curve"),
        ("pointcloud.points", "not a point cloud"),
        ("objects.bounds", "Nothing is selected"),
    ],
)
def test_objects_of_the_wrong_kind_are_said(source: str, reason: str) -> None:
    activate(bpy.data.objects["Cube"]).select_set(False)
    with pytest.raises(Absent, match=reason):
        read(source)


def test_inputs_are_the_same_until_something_changes() -> None:
    grid = bumpy_grid()
    scope = scope_of({"points": "mesh.points.evaluated", "normals": "mesh.normals"})
    inputs = sources.read(scope)
    assert sources.is_same(scope, inputs)
    grid.data.vertices[2].co.z += 0.01
    assert not sources.is_same(scope, inputs)
