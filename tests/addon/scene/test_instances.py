"""Instances and new objects: what is shown, where it stands, and that a re-run replaces it."""

import time

import bpy
import numpy as np
import pytest
from in_blender import activate, add, euler_matrix, everything, write
from mathutils import Matrix

from outboard.scene.subjects import Refused, quoted

pytestmark = pytest.mark.usefixtures("registered")

PLACE = (
    Matrix.Translation((1, -2, 3)) @ Matrix.Rotation(0.7, 4, "Y") @ Matrix.Diagonal((2, 1, 3, 1))
)
RNG = np.random.default_rng(5)
SQUARE = np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)], np.float32)


def some(*shape: int) -> np.ndarray:
    return RNG.normal(size=shape).astype(np.float32)


def made(title: str = "Thing") -> list[bpy.types.Object]:
    return list(bpy.data.collections[title].objects)


def shown() -> list[tuple[str, Matrix]]:
    """All instances that the scene shows, by the name of what is shown."""
    graph = bpy.context.evaluated_depsgraph_get()
    return [
        (it.object.name, it.matrix_world.copy()) for it in graph.object_instances if it.is_instance
    ]


@pytest.mark.parametrize("width", [3, 4])
def test_instances_stand_at_the_points_turned_and_scaled(width: int) -> None:
    points, scales, angles = some(5, 3), RNG.uniform(0.5, 2, 5), some(5, 3)
    turns = [euler_matrix(angle) for angle in angles]
    quaternions = [3 * np.array(Matrix(turn).to_quaternion()) for turn in turns]
    write(
        {
            "points": ("instances", points),
            "scales": ("instances", scales),
            "rotations": ("instances", angles if width == 3 else quaternions),
        },
        instance_of="Cube",
    )
    found = shown()
    assert [name for name, _ in found] == ["Cube"] * 5
    for (_, matrix), point, turn, scale in zip(found, points, turns, scales, strict=True):
        np.testing.assert_allclose(matrix.translation, point, atol=1e-5)
        np.testing.assert_allclose(np.array(matrix)[:3, :3], turn * scale, atol=1e-5)


def test_instances_take_matrices_and_stand_in_the_space_of_their_object() -> None:
    activate(bpy.data.objects["Cube"]).matrix_world = PLACE
    matrices = np.tile(np.eye(4, dtype=np.float32), (3, 1, 1))
    matrices[:, :3] = some(3, 3, 4)
    done = write({"matrices": ("instances", matrices)}, "mesh.points", instance_of="Light")
    assert done == f"3 instances made in {quoted('Thing')}"
    for (name, matrix), wanted in zip(shown(), matrices, strict=True):
        assert name == "Light"
        np.testing.assert_allclose(matrix, np.array(PLACE) @ wanted, atol=1e-4)


def test_a_collections_objects_are_shown_in_turn() -> None:
    group = bpy.data.collections.new("Group")
    for name in ("Cube", "Light"):
        group.objects.link(bpy.data.objects[name])
    write({"points": ("instances", some(4, 3))}, instance_of="Group")
    assert [name for name, _ in shown()] == ["Cube", "Light", "Cube", "Light"]


def test_without_a_choice_the_places_are_still_seen() -> None:
    write({"points": ("instances", some(4, 3))})
    assert len(shown()) == 4


def test_a_rerun_of_instances_replaces_the_points_and_uses_the_nodes_again() -> None:
    for count in (4, 7):
        write({"points": ("instances", some(count, 3))}, instance_of="Cube")
    assert (len(made()), len(shown())) == (1, 7)
    assert len(bpy.data.node_groups) == 1
    assert len(made()[0].modifiers) == 1
    write({"points": ("instances", some(3, 3))}, instance_of="Light")
    assert [name for name, _ in shown()] == ["Light"] * 3


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [("Nobody", "no object or collection named"), ("Thing", "cannot be shown by it")],
)
def test_what_cannot_be_shown_is_said(chosen: str, reason: str) -> None:
    write({"points": ("mesh.new", SQUARE)})
    before = everything()
    for target in ("instances", "objects.new"):
        with pytest.raises(Refused, match=reason):
            write({"points": (target, some(4, 3))}, instance_of=chosen)
    assert everything() == before


def test_a_collection_that_holds_the_result_is_not_shown_by_it() -> None:
    write({"points": ("instances", some(4, 3))})
    made()[0].name = "Renamed"
    with pytest.raises(Refused, match="would show itself"):
        write({"points": ("instances", some(4, 3))}, instance_of="Thing")


def test_a_hundred_thousand_instances_are_quick() -> None:
    points, turns = some(100_000, 3), some(100_000, 3)
    start = time.perf_counter()
    write({"points": ("instances", points), "rotations": ("instances", turns)}, instance_of="Light")
    took = time.perf_counter() - start
    assert took < 1, f"{took:.2f} s"
    bpy.context.view_layer.update()
    assert len(shown()) == 100_000


def test_new_objects_share_the_data_of_the_chosen_one() -> None:
    cube = activate(bpy.data.objects["Cube"])
    cube.matrix_world = PLACE
    points = some(3, 3)
    for _ in range(2):
        write({"points": ("objects.new@world", points)}, "mesh.points", instance_of="Cube")
        bpy.context.view_layer.update()
        assert len(made()) == 3
        assert {ob.data for ob in made()} == {cube.data}
        places = sorted(tuple(ob.matrix_world.translation) for ob in made())
        np.testing.assert_allclose(places, sorted(map(tuple, points)), atol=1e-6)


def test_new_objects_are_empties_where_none_is_chosen() -> None:
    add("Other", None)
    write({"matrices": ("objects.new", [np.array(PLACE)] * 2)})
    bpy.context.view_layer.update()
    assert [ob.type for ob in made()] == ["EMPTY", "EMPTY"]
    np.testing.assert_allclose(made()[1].matrix_world, PLACE, atol=1e-5)
