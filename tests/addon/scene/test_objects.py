"""Objects: one moved at random, many by their matrices, parents and children together."""

from collections.abc import Callable

import bpy
import numpy as np
import pytest
from in_blender import InBlender, euler_matrix, make_grid
from mathutils import Matrix

from outboard.scene import run, subjects, together
from outboard.scene.jobs import State
from outboard.scene.sources import mesh
from outboard.scene.sources import objects as source
from outboard.scene.subjects import quoted
from outboard.scene.targets import mesh_points
from outboard.scene.targets import objects as target

TURN = (0.3, -0.2, 0.9)


def world(ob: bpy.types.Object) -> np.ndarray:
    bpy.context.view_layer.update()
    return np.array(ob.matrix_world)


def select(*names: str) -> list[bpy.types.Object]:
    for ob in bpy.context.scene.objects:
        ob.select_set(ob.name in names)
    return [bpy.data.objects[name] for name in names]


def place(name: str, matrix: Matrix, parent: bpy.types.Object | None = None) -> bpy.types.Object:
    ob = bpy.data.objects.new(name, None)
    bpy.context.collection.objects.link(ob)
    ob.parent = parent
    bpy.context.view_layer.update()
    ob.matrix_world = matrix
    bpy.context.view_layer.update()
    return ob


def test_move_cube_goes_exactly_the_distance(blender: InBlender) -> None:
    job = blender.finish(blender.start("move_cube_random", distance=2.5))
    assert job.state is State.APPLIED
    assert bpy.data.objects["Cube"].location.length == pytest.approx(2.5, abs=1e-6)
    assert blender.note("move_cube_random").startswith(f"{quoted('Cube')} moved in ")


def test_move_cube_stays_within_the_distance(blender: InBlender) -> None:
    blender.finish(blender.start("move_cube_random", distance=2.5, spread="IN_BALL", seed=5))
    assert 0 < bpy.data.objects["Cube"].location.length < 2.5


def test_move_cube_is_one_undo_step(blender: InBlender) -> None:
    blender.finish(blender.start("move_cube_random"))
    bpy.ops.ed.undo()
    assert bpy.data.objects["Cube"].location.length == 0


def test_move_cube_takes_the_active_object_where_there_is_no_cube(blender: InBlender) -> None:
    bpy.data.objects.remove(bpy.data.objects["Cube"])
    bpy.context.view_layer.objects.active = bpy.data.objects["Light"]
    before = bpy.data.objects["Light"].location.copy()
    blender.finish(blender.start("move_cube_random", distance=1))
    assert (bpy.data.objects["Light"].location - before).length == pytest.approx(1, abs=1e-5)


def test_move_cube_says_what_to_do_where_there_is_nothing_to_move(blender: InBlender) -> None:
    bpy.data.objects.remove(bpy.data.objects["Cube"])
    bpy.context.view_layer.objects.active = None
    with pytest.raises(RuntimeError, match="no object named Cube, and none is active"):
        bpy.ops.outboard.move_cube_random()
    assert "no object named Cube" in blender.note("move_cube_random")


def test_move_cube_moves_in_world_space_under_a_parent(blender: InBlender) -> None:
    parent = place("Parent", Matrix.Rotation(1, 4, "X") @ Matrix.Scale(3, 4))
    cube = bpy.data.objects["Cube"]
    cube.parent = parent
    before = world(cube)[:3, 3].copy()
    blender.finish(blender.start("move_cube_random", distance=2))
    assert np.linalg.norm(world(cube)[:3, 3] - before) == pytest.approx(2, abs=1e-5)


def test_transform_objects_agrees_with_numpy(blender: InBlender) -> None:
    objects = select("Cube", "Camera", "Light")
    before = [world(ob) for ob in objects]
    move, turn, scale = (1, 2, 3), (0.3, -0.2, 0.9), (2, 2, 2)
    values = {"translation": move, "rotation": turn, "scale": scale, "pivot": "world_origin"}
    job = blender.finish(blender.start("transform_objects", **values))
    assert job.state is State.APPLIED, job.line
    change = np.eye(4)
    change[:3, :3] = euler_matrix(turn) * 2
    change[:3, 3] = move
    for ob, old in zip(objects, before, strict=True):
        np.testing.assert_allclose(world(ob), change @ old, atol=1e-5)
    assert blender.note("transform_objects").startswith("3 objects moved in ")


def test_transform_objects_turns_about_own_origins(blender: InBlender) -> None:
    (cube, light) = select("Cube", "Light")
    before = world(light)[:3, 3].copy()
    blender.finish(blender.start("transform_objects", rotation=(0, 0, 1), pivot="own_origin"))
    np.testing.assert_allclose(world(light)[:3, 3], before, atol=1e-6)
    np.testing.assert_allclose(world(cube)[:3, :3], euler_matrix((0, 0, 1)), atol=1e-6)


def test_the_same_seed_moves_objects_the_same_way(blender: InBlender) -> None:
    (cube,) = select("Cube")
    found = []
    for seed in (3, 3, 4):
        cube.matrix_world = Matrix()
        values = {"random_translation": (1, 1, 1), "random_rotation": (1, 1, 1), "seed": seed}
        blender.finish(blender.start("transform_objects", **values))
        found.append(world(cube))
    np.testing.assert_array_equal(found[0], found[1])
    assert not np.allclose(found[0], found[2])


def test_parents_and_children_are_both_put_where_they_belong(blender: InBlender) -> None:
    # Made first, the child comes first in the selection's order too.
    child = place("Child", Matrix.Translation((5, 2, 0)))
    parent = place("Parent", Matrix.Translation((5, 0, 0)) @ Matrix.Rotation(0.5, 4, "Y"))
    child.parent = parent
    select("Parent", "Child")
    assert subjects.selected_objects(bpy.context) == [child, parent]
    before = [world(parent), world(child)]
    blender.finish(blender.start("transform_objects", translation=(0, 0, 7)))
    for ob, old in zip((parent, child), before, strict=True):
        wanted = old.copy()
        wanted[2, 3] += 7
        np.testing.assert_allclose(world(ob), wanted, atol=1e-5)


def test_objects_that_are_not_selected_any_more_are_moved_all_the_same(blender: InBlender) -> None:
    objects = select("Cube", "Camera", "Light")
    before = [world(ob) for ob in objects]
    job = blender.start("transform_objects", rotation=TURN, pivot="world_origin")
    select("Light")
    assert blender.finish(job).state is State.APPLIED, job.line
    change = np.eye(4)
    change[:3, :3] = euler_matrix(TURN)
    for ob, old in zip(objects, before, strict=True):
        np.testing.assert_allclose(world(ob), change @ old, atol=1e-5)


def test_matrices_are_the_same_read_together_or_one_by_one(registered: None) -> None:
    place("Turned", Matrix.Translation((1, 2, 3)) @ Matrix.Rotation(1, 4, (1, 2, 3)))
    objects = select("Camera", "Turned")
    assert together.collection_of(objects) is not None
    wanted = np.array([world(ob) for ob in objects], np.float32)
    np.testing.assert_array_equal(source.matrices(objects), wanted)
    select()
    assert together.collection_of(objects) is None
    np.testing.assert_array_equal(source.matrices(objects), wanted)


def test_matrices_do_the_same_written_together_or_one_by_one(registered: None) -> None:
    modes = ("XYZ", "ZXY", "QUATERNION", "AXIS_ANGLE")
    rng = np.random.default_rng(11)
    worlds = np.tile(np.eye(4, dtype=np.float32), (12, 1, 1))
    worlds[:, :3] = rng.normal(size=(12, 3, 4))
    groups = []
    for group in ("One by one", "Together"):
        groups.append([with_everything(f"{group} {at}", modes[at % 4]) for at in range(12)])
    alone, both = groups
    assert together.collection_of(alone) is None
    target.set_matrices(alone, worlds)
    select(*(ob.name for ob in both))
    assert together.collection_of(both) is not None
    target.set_matrices(both, worlds)
    np.testing.assert_array_equal([own(ob) for ob in both], [own(ob) for ob in alone])
    np.testing.assert_array_equal([world(ob) for ob in both], [world(ob) for ob in alone])


@pytest.mark.parametrize(("name", "value"), [("mode", "OBJECT"), ("is_editable", True)])
def test_what_is_asked_of_objects_together_is_what_each_of_them_says(
    registered: None, name: str, value: object
) -> None:
    selected = bpy.context.view_layer.objects.selected
    select("Camera", "Cube", "Light")
    assert together.is_each(together.Together(selected), name, value)
    assert together.is_each(selected[:], name, value)
    if name == "mode":
        bpy.context.view_layer.objects.active = bpy.data.objects["Cube"]
        bpy.ops.object.mode_set(mode="EDIT")
    else:
        value = False
    assert not together.is_each(together.Together(selected), name, value)
    assert not together.is_each(selected[:], name, value)


def test_objects_are_found_again_in_their_order_however_they_are_selected(registered: None) -> None:
    objects = [bpy.data.objects[name] for name in ("Light", "Cube", "Camera")]
    remembered = subjects.Subjects.of(objects)
    for names in (("Light", "Cube", "Camera"), ("Cube",), ()):
        select(*names)
        assert subjects.find(remembered) == objects
    select("Camera", "Cube", "Light")
    selected = bpy.context.view_layer.objects.selected
    found = subjects.find(subjects.Subjects.of(selected[:]))
    assert type(found) is together.Together
    assert found == selected[:]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda cube: setattr(cube, "name", "Sphere"), "was renamed"),
        (lambda cube: bpy.data.batch_remove([cube]), "was deleted"),
        (lambda cube: cube.users_collection[0].objects.unlink(cube), "was deleted"),
    ],
)
def test_objects_that_changed_are_noticed_at_once(
    registered: None, change: Callable, reason: str
) -> None:
    select("Camera", "Cube", "Light")
    remembered = subjects.Subjects.of(bpy.context.view_layer.objects.selected[:])
    change(bpy.data.objects["Cube"])
    with pytest.raises(subjects.Refused, match=reason):
        subjects.find(remembered)


def with_everything(name: str, rotation_mode: str) -> bpy.types.Object:
    """An object whose world matrix is more than its location, rotation and scale."""
    place_quickly(name, (1, 2, 3))
    ob = bpy.data.objects[name]
    ob.rotation_mode = rotation_mode
    ob.rotation_euler = (7, -8, 9)
    ob.delta_location, ob.delta_scale = (1, -2, 3), (2, 3, 0.5)
    ob.delta_rotation_euler, ob.delta_rotation_quaternion = (1, 2, 3), (1, 0.5, 0.2, 0.1)
    limit = ob.constraints.new("LIMIT_LOCATION")
    limit.use_max_x, limit.max_x = True, 0.5
    return ob


def own(ob: bpy.types.Object) -> list[float]:
    turn = [*ob.rotation_euler, *ob.rotation_quaternion, *ob.rotation_axis_angle]
    return [*ob.location, *turn, *ob.scale]


def test_objects_moved_meanwhile_are_left_alone(blender: InBlender) -> None:
    (cube, _) = select("Cube", "Light")
    job = blender.start("transform_objects", translation=(0, 0, 7))
    cube.location.x = 4
    blender.finish(job)
    assert job.line == "The selected objects changed while the job ran: nothing was applied"
    assert tuple(cube.location) == (4, 0, 0)


def test_one_of_many_objects_deleted_means_none_is_moved(blender: InBlender) -> None:
    (cube, light) = select("Cube", "Light")
    before = world(cube)
    job = blender.start("transform_objects", translation=(0, 0, 7))
    bpy.data.objects.remove(light)
    blender.finish(job)
    assert job.line == f"{quoted('Light')} was deleted while the job ran: nothing was applied"
    np.testing.assert_array_equal(world(cube), before)


def test_a_thousand_objects_are_one_undo_step(blender: InBlender) -> None:
    for index in range(1000):
        place_quickly(f"Empty {index}", (index, 0, 0))
    bpy.ops.object.select_all(action="SELECT")
    bpy.ops.ed.undo_push(message="Empties")
    job = blender.finish(blender.start("transform_objects", translation=(0, 1, 0)))
    assert len(job.subjects["objects"]) == 1003
    assert tuple(bpy.data.objects["Empty 999"].location) == (999, 1, 0)
    bpy.ops.ed.undo()
    assert tuple(bpy.data.objects["Empty 999"].location) == (999, 0, 0)


def place_quickly(name: str, location: tuple[float, float, float]) -> None:
    ob = bpy.data.objects.new(name, None)
    ob.location = location
    bpy.context.collection.objects.link(ob)


def remove_vertices() -> None:
    bpy.data.meshes["Cube"].clear_geometry()


@pytest.mark.parametrize(
    ("pick", "prepare", "reason"),
    [
        (subjects.active_mesh, lambda: select_active("Light"), "not a mesh"),
        (subjects.active_mesh, lambda: bpy.ops.object.mode_set(mode="EDIT"), "is in Edit Mode"),
        (subjects.active_mesh, remove_vertices, "no vertices"),
        (subjects.selected_objects, select, "Nothing is selected"),
        (
            subjects.selected_objects,
            lambda: bpy.ops.object.mode_set(mode="EDIT"),
            "is in Edit Mode",
        ),
        (subjects.cube_or_active, lambda: bpy.ops.object.mode_set(mode="EDIT"), "is in Edit Mode"),
    ],
)
def test_what_cannot_be_used_is_said_before_anything_is_sent(
    registered: None, pick: object, prepare: object, reason: str
) -> None:
    bpy.context.view_layer.objects.active = bpy.data.objects["Cube"]
    prepare()
    with pytest.raises(subjects.Refused, match=reason):
        pick(bpy.context)


def select_active(name: str) -> None:
    bpy.context.view_layer.objects.active = bpy.data.objects[name]


def test_reading_and_writing_positions_keeps_every_bit(registered: None) -> None:
    grid = make_grid(30, 30)
    wanted = np.random.default_rng(7).normal(size=(900, 3)).astype(np.float32)
    mesh_points.set_points(grid.data, wanted)
    np.testing.assert_array_equal(mesh.points(grid.data), wanted)
    assert mesh.points(bpy.data.meshes.new("Empty")).shape == (0, 3)


def test_without_a_connection_the_reason_is_said(listed: None) -> None:
    assert "press Connect" in run.NOT_CONNECTED
    with pytest.raises(RuntimeError, match="Not connected"):
        bpy.ops.outboard.transform_objects()
