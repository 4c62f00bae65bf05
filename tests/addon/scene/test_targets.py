"""What the targets write agrees with numpy, and nothing is written of what does not fit."""

import bpy
import numpy as np
import pytest
from in_blender import activate, add, everything, make_grid, positions, read, scope_of, write
from mathutils import Matrix

from outboard.scene import scope, sources, targets
from outboard.scene.subjects import Refused, quoted

pytestmark = pytest.mark.usefixtures("registered")

PLACE = (
    Matrix.Translation((1, -2, 3)) @ Matrix.Rotation(0.7, 4, "Y") @ Matrix.Diagonal((2, 1, 3, 1))
)
RNG = np.random.default_rng(5)
GRID = quoted("Grid")


def some(*shape: int) -> np.ndarray:
    return RNG.normal(size=shape).astype(np.float32)


def world(ob: bpy.types.Object) -> np.ndarray:
    bpy.context.view_layer.update()
    return np.array(ob.matrix_world)


def test_points_replace_those_of_the_mesh() -> None:
    grid, points = make_grid(4, 4), some(16, 3)
    done = write({"points": ("mesh.points", points)})
    np.testing.assert_array_equal(positions(grid), points)
    assert done == f"16 vertices of {GRID} transformed"


def test_points_may_be_given_in_world_space() -> None:
    grid, points = make_grid(4, 4), some(16, 3)
    grid.matrix_world = PLACE
    write({"points": ("mesh.points@world", points)})
    np.testing.assert_allclose(read("mesh.points@world"), points, atol=1e-5)


def test_only_the_selected_vertices_are_moved() -> None:
    grid, points = make_grid(4, 4), some(2, 3)
    wanted = positions(grid)
    wanted[[3, 5]] = points
    for vertex in grid.data.vertices:
        vertex.select = vertex.index in (3, 5)
    write({"points": ("selected.points", points)})
    np.testing.assert_array_equal(positions(grid), wanted)


def test_a_shape_key_is_made_and_made_anew() -> None:
    grid, first, second = make_grid(4, 4), some(16, 3), some(16, 3)
    before = positions(grid)
    for points in (first, second):
        write({"points": ("shape_key", points)})
        keys = grid.data.shape_keys.key_blocks
        assert [key.name for key in keys] == ["Basis", "Thing"]
        np.testing.assert_array_equal([tuple(it.co) for it in keys["Thing"].points], points)
        np.testing.assert_allclose(read("mesh.points.evaluated"), points, atol=1e-6)
    np.testing.assert_array_equal([tuple(it.co) for it in keys["Basis"].points], before)
    write({"points": ("shape_key:Smile", first)})
    assert [key.name for key in keys] == ["Basis", "Thing", "Smile"]
    with pytest.raises(Refused, match="all others start from"):
        write({"points": ("shape_key:Basis", first)})


@pytest.mark.parametrize(
    ("array", "data_type", "domain"),
    [
        (some(16), "FLOAT", "POINT"),
        (some(9), "FLOAT", "FACE"),
        (some(36, 2), "FLOAT2", "CORNER"),
        (some(24, 3), "FLOAT_VECTOR", "EDGE"),
        (some(16, 4), "FLOAT_COLOR", "POINT"),
        (some(16, 4, 4), "FLOAT4X4", "POINT"),
        (np.arange(16, dtype=np.int32), "INT", "POINT"),
        (np.arange(9, dtype=np.uint8), "INT", "FACE"),
        (some(16).astype(np.float64), "FLOAT", "POINT"),
    ],
)
def test_an_attribute_gets_its_domain_by_its_length(
    array: np.ndarray, data_type: str, domain: str
) -> None:
    grid = make_grid(4, 4)
    for _ in range(2):
        done = write({"values": ("attribute:mine", array)})
        attribute = grid.data.attributes["mine"]
        assert (attribute.data_type, attribute.domain) == (data_type, domain)
        np.testing.assert_array_equal(read("attribute:mine"), array)
    assert done == f"Attribute {quoted('mine')} of {GRID} written"


def test_an_attribute_of_another_sort_is_replaced() -> None:
    grid = make_grid(4, 4)
    grid.data.attributes.new("mine", "INT", "FACE")
    write({"values": ("attribute:mine", some(16, 3))})
    assert grid.data.attributes["mine"].data_type == "FLOAT_VECTOR"
    assert sum(it.name.startswith("mine") for it in grid.data.attributes) == 1


def test_a_domain_may_be_named() -> None:
    # A tetrahedron has as many faces as points.
    mesh = bpy.data.meshes.new("Tetrahedron")
    faces = [(0, 2, 1), (0, 1, 3), (1, 2, 3), (2, 0, 3)]
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)], [], faces)
    add("Tetrahedron", mesh)
    write({"a": ("attribute:a", some(4)), "b": ("attribute:b@face", some(4))})
    assert mesh.attributes["a"].domain == "POINT"
    assert mesh.attributes["b"].domain == "FACE"
    with pytest.raises(Refused, match="4 rows, and there are 6 edges"):
        write({"c": ("attribute:c@edge", some(4))})


def test_the_first_colours_are_shown() -> None:
    grid = make_grid(4, 4)
    write({"colors": ("attribute:tint", some(16, 4))})
    assert grid.data.color_attributes.active_color.name == "tint"


@pytest.mark.parametrize("name", ["position", ".hidden", ".edge_verts", ".corner_vert"])
def test_blenders_own_attributes_are_left_alone(name: str) -> None:
    make_grid(4, 4)
    before = everything()
    with pytest.raises(Refused, match="Blender's own"):
        write({"values": (f"attribute:{name}", some(16, 3))})
    assert everything() == before


def test_a_vertex_group_keeps_its_name() -> None:
    make_grid(4, 4).vertex_groups.new(name="Soft")
    with pytest.raises(Refused, match="is a vertex group"):
        write({"values": ("attribute:Soft", some(16))})


def test_locations_are_set_in_world_space_and_the_rest_is_kept() -> None:
    cube = bpy.data.objects["Cube"]
    parent = add("Parent", None)
    parent.matrix_world = PLACE
    cube.parent = parent
    activate(cube)
    before = world(cube)
    write({"there": ("objects.locations", [[4, 5, 6]])})
    np.testing.assert_allclose(world(cube)[:3, 3], (4, 5, 6), atol=1e-5)
    np.testing.assert_allclose(world(cube)[:3, :3], before[:3, :3], atol=1e-5)
    write({"by": ("location.add", [[1, 0, -1]])})
    np.testing.assert_allclose(world(cube)[:3, 3], (5, 5, 5), atol=1e-5)


def test_the_objects_that_were_read_are_moved_though_others_were_made_before() -> None:
    before = bpy.context.view_layer.objects[:]
    for ob in before:
        ob.select_set(True)
    names = {"points": "objects.new", "locations": "objects.locations"}
    picked = scope_of({"read": "objects.matrix_world"}, names)
    sources.pick(picked)
    remembered = picked.remember()
    for ob in before:
        ob.select_set(False)
    found = scope.find(picked.call, {}, remembered)
    points = np.ones((len(before), 3), np.float32)
    targets.check_ready(found)
    targets.write(found, {"points": points, "locations": points * 5})
    bpy.context.view_layer.update()
    made = set(bpy.context.view_layer.objects) - set(before)
    assert len(made) == len(before)
    assert {tuple(ob.matrix_world.translation) for ob in made} == {(1, 1, 1)}
    assert {tuple(ob.matrix_world.translation) for ob in before} == {(5, 5, 5)}


def test_matrices_are_set() -> None:
    activate(bpy.data.objects["Light"])
    assert write({"there": ("objects.matrix_world", [np.array(PLACE)])}) == (
        f"{quoted('Light')} moved"
    )
    np.testing.assert_allclose(world(bpy.context.object), PLACE, atol=1e-5)


def share_mesh() -> None:
    add("Twin", bpy.data.objects["Grid"].data)
    activate(bpy.data.objects["Grid"])


def link_mesh() -> None:
    library = f"{bpy.app.tempdir}library.blend"
    bpy.data.libraries.write(library, {bpy.data.objects["Grid"]})
    bpy.data.objects.remove(bpy.data.objects["Grid"])
    with bpy.data.libraries.load(library, link=True) as (_, linked):
        linked.objects = ["Grid"]
    bpy.context.collection.objects.link(linked.objects[0])
    activate(linked.objects[0])


def edit() -> None:
    bpy.ops.object.mode_set(mode="EDIT")


IN_PLACE = {
    "mesh.points": some(16, 3),
    "shape_key": some(16, 3),
    "attribute:mine": some(16),
}


@pytest.mark.parametrize("target", IN_PLACE)
@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (share_mesh, "shares its mesh with another object"),
        (link_mesh, "linked from another file"),
        (edit, "is in Edit Mode"),
    ],
)
def test_meshes_that_cannot_be_changed_are_left_alone(
    target: str, prepare: object, reason: str
) -> None:
    make_grid(4, 4)
    prepare()
    before = everything()
    with pytest.raises(Refused, match=reason):
        write({"array": (target, IN_PLACE[target])})
    assert everything() == before


@pytest.mark.parametrize(
    ("outputs", "reason"),
    [
        ({"a": ("mesh.points", some(15, 3))}, r"shape \(15, 3\) where \(16, 3\)"),
        ({"a": ("mesh.points", some(16))}, "shape"),
        ({"a": ("mesh.points", np.full((16, 3), np.inf))}, "infinite"),
        ({"a": ("mesh.points", np.full((16, 3), 1e300))}, "too large"),
        ({"a": ("mesh.points", np.zeros((16, 3), complex))}, "numbers"),
        ({"a": ("shape_key", some(17, 3))}, "shape"),
        ({"a": ("attribute:mine", some(17))}, "17 rows, and there are 16 points, 9 faces"),
        ({"a": ("attribute:mine", some(16, 7))}, "no attribute"),
        ({"a": ("attribute:mine", np.full(16, np.nan))}, "not a number"),
        ({"a": ("attribute:mine", np.full(16, 2**40))}, "beyond 32 bits"),
        ({"a": ("objects.matrix_world", some(2, 4, 4))}, "shape"),
        ({"a": ("mesh.new", some(4, 3))}, "no points"),
        (
            {"points": ("mesh.new", some(4, 3)), "triangles": ("mesh.new", [[0, 1, 4]])},
            "triangles name vertex 4, and there are 4",
        ),
        (
            {"points": ("mesh.new", some(4, 3)), "triangles": ("mesh.new", [[0, -1, 2]])},
            "name vertex -1",
        ),
        (
            {"points": ("mesh.new", some(4, 3)), "triangles": ("mesh.new", [[0.0, 1, 2]])},
            "whole numbers",
        ),
        ({"points": ("mesh.new", some(4, 3)), "uvs": ("mesh.new", some(3, 2))}, "3 UVs"),
        ({"points": ("mesh.copy", some(4, 3))}, "shape"),
        ({"points": ("instances", some(4, 2))}, "shape"),
        ({"points": ("instances", some(4, 3)), "scales": ("instances", some(3))}, "shape"),
        (
            {"points": ("instances", some(4, 3)), "matrices": ("instances", some(4, 4, 4))},
            "either points or matrices",
        ),
        ({"points": ("objects.new", some(10_001, 3))}, "choose instances"),
    ],
)
def test_a_result_that_does_not_fit_changes_nothing(outputs: dict, reason: str) -> None:
    make_grid(4, 4)
    before = everything()
    # What fits comes first, and must not be written either.
    fitting = {"fits": ("attribute:fits", some(16))}
    with pytest.raises(Refused, match=reason):
        write({**fitting, **outputs})
    assert everything() == before


@pytest.mark.parametrize(
    "target",
    ["mesh", "mesh.points.x", "attribute", "mesh.new.faces", "mesh.points@moon",
     "location.add@world", "mesh.new.points:x"],
)  # fmt: skip
def test_a_name_that_means_nothing_is_refused(target: str) -> None:
    make_grid(4, 4)
    with pytest.raises(Refused, match="no target named"):
        write({"points": (target, some(16, 3))})
    assert not targets.is_known(target, "points")


@pytest.mark.parametrize(
    "target", ["mesh.points@world", "mesh.new", "mesh.new.triangles", "mesh.new.attribute:a@face"]
)
def test_a_name_is_known_before_there_is_anything_to_write(target: str) -> None:
    assert targets.is_known(target, "points")


@pytest.mark.parametrize("target", ["attribute:", "mesh.new.attribute:"])
def test_an_attribute_must_have_a_name(target: str) -> None:
    make_grid(4, 4)
    with pytest.raises(Refused, match="No name is given for the attribute"):
        write({"points": (target, np.zeros((16, 3)))})


def test_a_mesh_without_points_is_refused_before_anything_is_sent() -> None:
    scope = scope_of({}, {"triangles": "mesh.new"})
    with pytest.raises(Refused, match="no points to make a mesh of"):
        targets.check_ready(scope)


def test_results_that_go_nowhere_are_refused() -> None:
    with pytest.raises(Refused, match="choose where at least one of the results goes"):
        targets.check_ready(scope_of({}, {"points": "mesh.points"}, target_points="NONE"))


def test_two_outputs_cannot_be_the_same_thing() -> None:
    make_grid(4, 4)
    with pytest.raises(Refused, match="Two outputs"):
        write({"a": ("mesh.points", some(16, 3)), "b": ("mesh.points", some(16, 3))})
