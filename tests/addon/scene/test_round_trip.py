"""Sources, an operation on the real server and targets together: one undo step, or a plain line."""

from collections.abc import Callable, Iterator

import bpy
import numpy as np
import pytest
from bpy.props import StringProperty
from in_blender import InBlender, activate, everything, make_grid, positions

from outboard.scene import connection, jobs, pump, run
from outboard.scene.calls import CALLS, Call
from outboard.scene.jobs import State
from outboard.scene.subjects import quoted
from outboard.ui import operators

MEANWHILE = "while the job ran: nothing was applied"


def call_of(name: str, **more: object) -> Call:
    return Call(
        **{
            "name": name,
            "title": "Thing",
            "description": "",
            "icon": "NONE",
            "operation": "transform_points",
            "sources": {"points": "mesh.points"},
            "targets": {"points": "mesh.points"},
            "fields": {},
            "params": lambda _values: {"translation": (0, 0, 1)},
            **more,
        }
    )


def test_the_timer_comes_seldom_unless_something_goes_on(
    blender: InBlender, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = connection.client()
    blender.tick_until(lambda: not client.busy)
    assert pump.tick() >= 0.2
    monkeypatch.setattr(type(client), "busy", True)
    assert pump.tick() <= 0.01


def vectors(_values: object) -> dict[str, object]:
    return {"count": 50, "distribution": {"kind": "in_ball", "radius": 3}, "seed": 1}


BUTTONS = (
    call_of("to_attribute", targets={"points": "attribute:moved"}),
    call_of("to_shape_key", targets={"points": "shape_key"}),
    call_of("to_copy", targets={"points": "mesh.copy"}),
    call_of("to_mesh", targets={"points": "mesh.new"}),
    call_of(
        "from_second",
        sources={"points": "second.points"},
        targets={"points": "mesh.new"},
        fields={"second_object": StringProperty()},
    ),
    call_of(
        "to_instances",
        operation="random_vectors",
        sources={},
        targets={"vectors": "instances.points"},
        params=vectors,
        fields={"instance_of": StringProperty()},
    ),
    call_of(
        "to_anything",
        fields={"source_points": StringProperty(), "target_points": StringProperty()},
    ),
)


@pytest.fixture
def more(blender: InBlender) -> Iterator[InBlender]:
    classes = [operators.operator_class(call) for call in BUTTONS]
    for call, cls in zip(BUTTONS, classes, strict=True):
        CALLS[call.name] = call
        bpy.utils.register_class(cls)
    yield blender
    for cls in classes:
        bpy.utils.unregister_class(cls)


def start(name: str, **values: object) -> jobs.Job:
    return run.start(CALLS[name], values)


UP = np.array((0, 0, 1), np.float32)


def in_attribute(before: np.ndarray) -> None:
    data = bpy.data.objects["Grid"].data.attributes["moved"].data
    np.testing.assert_allclose([it.vector for it in data], before + UP, atol=1e-6)


def in_shape_key(before: np.ndarray) -> None:
    data = bpy.data.objects["Grid"].data.shape_keys.key_blocks["Thing"].points
    np.testing.assert_allclose([it.co for it in data], before + UP, atol=1e-6)


def in_new_object(before: np.ndarray) -> None:
    (ob,) = bpy.data.collections["Thing"].objects
    np.testing.assert_allclose(positions(ob), before + UP, atol=1e-6)


RESULTS = {
    "to_attribute": in_attribute,
    "to_shape_key": in_shape_key,
    "to_copy": in_new_object,
    "to_mesh": in_new_object,
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_one_undo_step_wherever_it_goes(more: InBlender, name: str) -> None:
    before = positions(make_grid(4, 4))
    there = everything()
    job = more.finish(start(name))
    assert job.state is State.APPLIED, job.line
    RESULTS[name](before)
    after = everything()
    bpy.ops.ed.undo()
    assert everything() == there
    bpy.ops.ed.redo()
    assert everything() == after


def test_instances_are_one_undo_step_and_a_rerun_is_another(more: InBlender) -> None:
    there = everything()
    for _ in range(2):
        job = more.finish(start("to_instances", instance_of="Cube"))
        assert job.state is State.APPLIED, job.line
        assert len(bpy.data.collections["Thing"].objects) == 1
    assert job.line.startswith(f"50 instances made in {quoted('Thing')} in ")
    bpy.ops.ed.undo()
    assert len(bpy.data.collections["Thing"].objects) == 1
    bpy.ops.ed.undo()
    assert everything() == there


def test_source_and_target_may_be_chosen_by_the_user(more: InBlender) -> None:
    normals = [tuple(it.normal) for it in make_grid(4, 4).data.vertices]
    values = {"source_points": "mesh.normals", "target_points": "attribute:up"}
    job = more.finish(start("to_anything", **values))
    assert job.state is State.APPLIED, job.line
    data = bpy.context.object.data.attributes["up"].data
    np.testing.assert_allclose([it.vector for it in data], np.array(normals) + UP, atol=1e-6)


def delete() -> None:
    bpy.data.objects.remove(bpy.data.objects["Grid"])


def rename() -> None:
    bpy.data.objects["Grid"].name = "Other"


def add_a_vertex() -> None:
    bpy.data.objects["Grid"].data.vertices.add(1)


def take_out_of_the_scene() -> None:
    # As the user's Delete does where a constraint or the like still uses the object.
    bpy.context.collection.objects.unlink(bpy.data.objects["Grid"])


def share() -> None:
    twin = bpy.data.objects.new("Twin", bpy.data.objects["Grid"].data)
    bpy.context.collection.objects.link(twin)


def edit() -> None:
    bpy.ops.object.mode_set(mode="EDIT")


GRID = quoted("Grid")
FAULTS: dict[Callable[[], None], str] = {
    delete: f"{GRID} was deleted",
    take_out_of_the_scene: f"{GRID} was deleted",
    rename: f"{GRID} was renamed to {quoted('Other')}",
    add_a_vertex: f"{GRID} went from 16 to 17 vertices",
    edit: f"{GRID} went into Edit Mode",
}


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_nothing_is_written_after_a_fault_and_the_result_is_kept(
    more: InBlender, name: str, fault: Callable[[], None]
) -> None:
    make_grid(4, 4)
    job = start(name)
    fault()
    before = everything()
    assert more.finish(job).line == f"{FAULTS[fault]} {MEANWHILE}"
    assert everything() == before
    assert jobs.kept() == [job]


@pytest.mark.parametrize("name", ["to_attribute", "to_shape_key"])
def test_a_mesh_that_came_to_be_shared_is_left_alone(more: InBlender, name: str) -> None:
    make_grid(4, 4)
    job = start(name)
    share()
    before = everything()
    line = f"{GRID} came to share its mesh with another object {MEANWHILE}"
    assert more.finish(job).line == line
    assert everything() == before


@pytest.mark.parametrize("fault", [delete, rename, add_a_vertex], ids=lambda it: it.__name__)
def test_faults_of_the_second_object_are_said_as_well(
    more: InBlender, fault: Callable[[], None]
) -> None:
    make_grid(4, 4)
    activate(bpy.data.objects["Cube"])
    job = start("from_second", second_object="Grid")
    fault()
    before = everything()
    assert more.finish(job).line == f"{FAULTS[fault]} {MEANWHILE}"
    assert everything() == before


def test_the_second_object_is_read(more: InBlender) -> None:
    grid = positions(make_grid(4, 4))
    activate(bpy.data.objects["Cube"])
    assert more.finish(start("from_second", second_object="Grid")).state is State.APPLIED
    in_new_object(grid)


def test_an_object_to_show_that_is_gone_is_said(more: InBlender) -> None:
    make_grid(4, 4)
    job = start("to_instances", instance_of="Grid")
    delete()
    before = everything()
    assert more.finish(job).line == f"{GRID} was deleted or renamed {MEANWHILE}"
    assert everything() == before
