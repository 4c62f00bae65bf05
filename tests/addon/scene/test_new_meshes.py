"""New meshes and copies: their parts, where they stand, and that a re-run takes their place."""

import bpy
import numpy as np
import pytest
from in_blender import activate, everything, make_grid, positions, read, write
from mathutils import Matrix

from outboard.scene.subjects import Refused, quoted

pytestmark = pytest.mark.usefixtures("registered")

PLACE = (
    Matrix.Translation((1, -2, 3)) @ Matrix.Rotation(0.7, 4, "Y") @ Matrix.Diagonal((2, 1, 3, 1))
)
RNG = np.random.default_rng(5)
SQUARE = np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)], np.float32)
TRIANGLES = np.array([(0, 1, 2), (0, 2, 3)], np.int32)


def some(*shape: int) -> np.ndarray:
    return RNG.normal(size=shape).astype(np.float32)


def made(title: str = "Thing") -> list[bpy.types.Object]:
    return list(bpy.data.collections[title].objects)


def selected() -> set[str]:
    return {ob.name for ob in bpy.context.view_layer.objects.selected}


def square(**more: tuple[str, np.ndarray]) -> dict[str, tuple[str, np.ndarray]]:
    return {"points": ("mesh.new", SQUARE), "triangles": ("mesh.new", TRIANGLES), **more}


def test_a_mesh_is_made_of_points_and_triangles() -> None:
    active = bpy.context.object
    done = write(square())
    (ob,) = made()
    assert (ob.name, ob.data.name) == ("Thing", "Thing")
    np.testing.assert_array_equal(positions(ob), SQUARE)
    assert [tuple(face.vertices) for face in ob.data.polygons] == [(0, 1, 2), (0, 2, 3)]
    assert len(ob.data.edges) == 5
    assert not any(face.use_smooth for face in ob.data.polygons)
    assert not ob.data.validate()
    assert done == f"{quoted('Thing')} made with 4 vertices and 2 faces"
    assert bpy.context.object == ob != active
    assert selected() == {"Thing"}


@pytest.mark.parametrize("target", ["mesh.new", "mesh.copy", "objects.new", "instances"])
def test_what_is_new_is_selected_and_a_rerun_leaves_the_selection(target: str) -> None:
    grid = make_grid(2, 2)
    outputs = {"points": (target, some(4, 3))}
    write(outputs, reads="mesh.points")
    names = {ob.name for ob in made()}
    assert selected() == names
    assert bpy.context.view_layer.objects.active == grid, "the next run works on it again"
    write(outputs, reads="mesh.points")
    assert selected() == {ob.name for ob in made()}
    bpy.ops.object.select_all(action="DESELECT")
    grid.select_set(True)
    write(outputs, reads="mesh.points")
    assert (selected(), len(made())) == ({"Grid"}, len(names))


def test_what_selected_objects_were_worked_on_stay_selected() -> None:
    activate(bpy.data.objects["Light"])
    write(square(), reads="objects.locations")
    assert selected() == {"Light"}
    assert bpy.context.object.name == "Light"


def test_new_objects_are_chosen_only_where_they_can_be_seen() -> None:
    write(square())
    bpy.data.objects.remove(made()[0])
    bpy.context.view_layer.layer_collection.children["Thing"].exclude = True
    activate(bpy.data.objects["Cube"])
    write(square())
    assert (selected(), len(made())) == ({"Cube"}, 1)


def test_a_mesh_may_have_quads_and_edges_and_no_faces_at_all() -> None:
    write({"points": ("mesh.new", some(6, 3)), "quads": ("mesh.new", [[0, 1, 2, 3]]),
           "triangles": ("mesh.new", [[3, 4, 5]]), "edges": ("mesh.new", [[0, 5]])})  # fmt: skip
    mesh = made()[0].data
    assert [tuple(face.vertices) for face in mesh.polygons] == [(3, 4, 5), (0, 1, 2, 3)]
    assert (0, 5) in {tuple(edge.vertices) for edge in mesh.edges}
    write({"points": ("mesh.new", some(6, 3))})
    assert (len(made()[0].data.vertices), len(made()[0].data.polygons)) == (6, 0)


def test_normals_and_uvs_come_per_vertex_or_per_corner() -> None:
    normals = np.array([(0, 0.6, 0.8)] * 4, np.float32)
    uvs = some(4, 2)
    write(square(normals=("mesh.new", normals), uvs=("mesh.new.uvs", uvs)))
    mesh = made()[0].data
    np.testing.assert_allclose(
        [it.vector for it in mesh.corner_normals], normals[[0] * 6], atol=1e-4
    )
    corners = TRIANGLES.reshape(-1)
    np.testing.assert_array_equal([tuple(it.uv) for it in mesh.uv_layers[0].data], uvs[corners])
    uvs = some(6, 2)
    write(square(normals=("mesh.new", normals[corners % 1]), uvs=("mesh.new", uvs)))
    activate(made()[0])
    np.testing.assert_array_equal(read("mesh.uvs").reshape(-1, 2), uvs)
    uvs = some(6, 2).reshape(2, 3, 2)
    write(square(uvs=("mesh.new", uvs)))
    activate(made()[0])
    np.testing.assert_array_equal(read("mesh.uvs"), uvs)


def test_other_outputs_become_attributes() -> None:
    tint, area = some(4, 4), some(2)
    write(square(tint=("mesh.new", tint), area=("mesh.new.attribute:size@face", area)))
    activate(made()[0])
    np.testing.assert_array_equal(read("attribute:tint"), tint)
    np.testing.assert_array_equal(read("attribute:size"), area)
    assert bpy.context.object.data.attributes["size"].domain == "FACE"


def test_faces_that_use_a_vertex_twice_are_left_out() -> None:
    faces = np.array([(0, 1, 2), (1, 1, 2), (0, 2, 3)], np.int32)
    write({"points": ("mesh.new", SQUARE), "triangles": ("mesh.new", faces)})
    mesh = made()[0].data
    assert [tuple(face.vertices) for face in mesh.polygons] == [(0, 1, 2), (0, 2, 3)]
    assert not mesh.validate()


def test_a_mesh_stands_where_that_one_is_that_it_was_made_from() -> None:
    make_grid(4, 4).matrix_world = PLACE
    write(square(), reads="mesh.points")
    np.testing.assert_allclose(made()[0].matrix_world, PLACE, atol=1e-6)
    write({"points": ("mesh.new@world", SQUARE)}, reads="mesh.points@world")
    np.testing.assert_array_equal(made()[0].matrix_world, np.eye(4))


def test_a_rerun_takes_the_place_of_the_last_and_keeps_what_the_user_gave_it() -> None:
    write(square())
    (ob,) = made()
    ob.name = "Mine"
    ob.data.materials.append(bpy.data.materials.new("Gold"))
    ob.modifiers.new("Solidify", "SOLIDIFY")
    meshes = len(bpy.data.meshes)
    write({"points": ("mesh.new", some(9, 3))})
    assert made() == [ob]
    assert (ob.name, len(ob.data.vertices), len(bpy.data.meshes)) == ("Mine", 9, meshes)
    assert [it.name for it in ob.data.materials] == ["Gold"]
    assert [it.name for it in ob.modifiers] == ["Solidify"]


def test_a_run_for_another_object_adds_to_the_first() -> None:
    make_grid(4, 4)
    write(square(), reads="mesh.points")
    activate(bpy.data.objects["Cube"])
    for _ in range(2):
        write(square(), reads="mesh.points")
    assert len(made()) == 2


def test_a_result_that_is_read_itself_is_not_taken_away() -> None:
    make_grid(4, 4)
    write(square(), reads="mesh.points")
    (ob,) = made()
    write(square(), reads="second.points", second_object=ob.name)
    assert len(made()) == 2
    assert ob.name in bpy.data.objects
    activate(ob)
    write(square(), reads="mesh.points")
    assert len(made()) == 3


def test_what_the_user_puts_into_the_collection_stays() -> None:
    write(square())
    bpy.data.collections["Thing"].objects.link(bpy.data.objects["Cube"])
    write(square())
    assert {ob.name for ob in made()} == {"Thing", "Cube"}


def test_an_earlier_result_in_edit_mode_is_not_replaced() -> None:
    write(square())
    activate(made()[0])
    bpy.ops.object.mode_set(mode="EDIT")
    before = everything()
    with pytest.raises(Refused, match="Edit Mode"):
        write(square())
    assert everything() == before


def test_a_copy_has_the_points_and_the_original_keeps_its_own() -> None:
    grid, points, tint = make_grid(4, 4), some(16, 3), some(16, 4)
    grid.matrix_world = PLACE
    grid.shape_key_add()
    before = positions(grid)
    for _ in range(2):
        write({"points": ("mesh.copy", points), "tint": ("mesh.copy", tint)})
        (copy,) = made()
        assert copy.name == "Grid Thing"
        np.testing.assert_array_equal(positions(copy), points)
        np.testing.assert_allclose(copy.matrix_world, PLACE, atol=1e-6)
        assert copy.data.shape_keys is None
    np.testing.assert_array_equal(positions(grid), before)
    assert "tint" in copy.data.attributes
    assert "tint" not in grid.data.attributes
