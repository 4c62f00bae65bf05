"""What comes back is applied whole, as one undo step, or not at all with a plain line."""

import re

import bpy
import numpy as np
import pytest
from in_blender import InBlender, euler_matrix, make_grid, positions

from outboard.scene import apply, connection, jobs, pump
from outboard.scene.calls import CALLS
from outboard.scene.jobs import State
from outboard.scene.subjects import quoted

MOVE, TURN, SCALE, PIVOT = (0.25, -1.5, 2.0), (0.3, -0.2, 0.9), (1.0, 2.0, 0.5), (1.0, 0.0, -1.0)


def transform(blender: InBlender) -> jobs.Job:
    values = {"translation": MOVE, "rotation": TURN, "scale": SCALE, "pivot": PIVOT}
    return blender.start("transform_points", **values)


def test_transform_points_agrees_with_numpy(blender: InBlender) -> None:
    grid = make_grid(60, 50)
    before = positions(grid).astype(np.float64)
    job = blender.finish(transform(blender))
    assert job.state is State.APPLIED, job.line
    wanted = (before - PIVOT) * SCALE @ euler_matrix(TURN).T + PIVOT + MOVE
    np.testing.assert_allclose(positions(grid), wanted, atol=5e-7)
    assert blender.note("transform_points").startswith(f"3,000 vertices of {GRID} transformed in ")


def test_a_result_is_one_undo_step(blender: InBlender) -> None:
    before = positions(make_grid(20, 20))
    blender.finish(transform(blender))
    after = positions(bpy.data.objects["Grid"])
    assert not np.array_equal(after, before)
    bpy.ops.ed.undo()
    np.testing.assert_array_equal(positions(bpy.data.objects["Grid"]), before)
    bpy.ops.ed.redo()
    np.testing.assert_array_equal(positions(bpy.data.objects["Grid"]), after)


def test_the_operator_is_left_for_f9_with_its_values(blender: InBlender) -> None:
    make_grid(5, 5)
    blender.finish(transform(blender))
    last = bpy.context.window_manager.operators[-1]
    assert last.bl_idname == "OUTBOARD_OT_transform_points"
    np.testing.assert_allclose(last.properties.translation, MOVE)


def delete() -> None:
    bpy.data.objects.remove(bpy.data.objects["Grid"])


def rename() -> None:
    bpy.data.objects["Grid"].name = "Other"


def replace_by_another_of_the_name() -> None:
    delete()
    make_grid(4, 4)


def add_a_vertex() -> None:
    bpy.data.objects["Grid"].data.vertices.add(1)


def give_another_mesh() -> None:
    bpy.data.objects["Grid"].data = bpy.data.objects["Grid"].data.copy()


def edit_mode() -> None:
    bpy.ops.object.mode_set(mode="EDIT")


def edit_mode_with_another_object_active() -> None:
    edit_mode()
    bpy.context.view_layer.objects.active = bpy.data.objects["Light"]


def move_a_vertex() -> None:
    bpy.data.objects["Grid"].data.vertices[3].co.z = 1


def add_a_shape_key() -> None:
    bpy.data.objects["Grid"].shape_key_add()


def undo() -> None:
    bpy.ops.ed.undo()
    bpy.ops.ed.redo()


def open_a_file() -> None:
    bpy.ops.wm.read_factory_settings()
    make_grid(4, 4)


GRID, OTHER = quoted("Grid"), quoted("Other")
MEANWHILE = "while the job ran: nothing was applied"
FAULTS = {
    delete: f"{GRID} was deleted {MEANWHILE}",
    rename: f"{GRID} was renamed to {OTHER} {MEANWHILE}",
    replace_by_another_of_the_name: f"{GRID} was deleted {MEANWHILE}",
    add_a_vertex: f"{GRID} went from 16 to 17 vertices {MEANWHILE}",
    give_another_mesh: f"{GRID} got another mesh {MEANWHILE}",
    edit_mode: f"{GRID} went into Edit Mode {MEANWHILE}",
    edit_mode_with_another_object_active: f"{GRID} went into Edit Mode {MEANWHILE}",
    move_a_vertex: f"{GRID} changed {MEANWHILE}",
    add_a_shape_key: f"{GRID} got shape keys {MEANWHILE}",
    undo: f"A step was undone or redone {MEANWHILE}",
    open_a_file: f"Another file was opened {MEANWHILE}",
}


def scene_now() -> dict[str, bytes]:
    """All meshes and matrices, as bytes."""
    state = {mesh.name: positions_of(mesh) for mesh in bpy.data.meshes}
    for ob in bpy.data.objects:
        state[f"object {ob.name}"] = np.array(ob.matrix_basis, np.float32).tobytes()
    return state


def positions_of(mesh: bpy.types.Mesh) -> bytes:
    return np.array([tuple(vertex.co) for vertex in mesh.vertices], np.float32).tobytes()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_nothing_is_applied_to_what_changed(blender: InBlender, fault: object) -> None:
    make_grid(4, 4)
    job = transform(blender)
    fault()
    before = scene_now()
    blender.finish(job)
    assert job.line == FAULTS[fault]
    assert job.state in (State.FAILED, State.CANCELLED)
    assert blender.note("transform_points") == job.line
    assert scene_now() == before


def test_an_answer_that_has_come_is_checked_just_as_well(
    blender: InBlender, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_grid(4, 4)
    monkeypatch.setattr(apply, "waiting_for", lambda: f"Waiting for {quoted('Move')} to end")
    job = transform(blender)
    blender.tick_until(lambda: bool(job.waiting))
    assert (job.state, job.waiting) == (State.READY, f"Waiting for {quoted('Move')} to end")
    undo()
    before = scene_now()
    monkeypatch.undo()
    assert blender.finish(job).line == FAULTS[undo]
    assert scene_now() == before


def test_a_result_waits_for_a_modal_operator_to_end(
    blender: InBlender, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = positions(make_grid(4, 4))
    with monkeypatch.context() as patch:
        patch.setattr(apply, "waiting_for", lambda: f"Waiting for {quoted('Move')} to end")
        job = transform(blender)
        blender.tick_until(lambda: bool(job.waiting))
        np.testing.assert_array_equal(positions(bpy.context.object), before)
    assert blender.finish(job).state is State.APPLIED


def test_cancel_applies_nothing_and_frees_the_server(blender: InBlender) -> None:
    before = positions(make_grid(300, 300))
    job = transform(blender)
    bpy.ops.outboard.cancel_job(job=job.id)
    assert (job.state, job.line) == (State.CANCELLED, "Cancelled: nothing was applied")
    blender.tick_until(lambda: job.request.done)
    np.testing.assert_array_equal(positions(bpy.context.object), before)


def test_a_server_that_dies_leaves_a_line_and_the_scene(
    registered: None, start_server: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start_server()
    monkeypatch.setenv("OUTBOARD_HOME", str(server.home))
    blender = InBlender()
    blender.connect()
    before = positions(make_grid(4, 4))
    job = transform(blender)
    server.kill()
    blender.finish(job)
    assert job.state is State.FAILED
    assert job.line.endswith(": nothing was applied")
    np.testing.assert_array_equal(positions(bpy.context.object), before)
    blender.tick_until(lambda: not connection.is_connected())
    start_server(home=server.home)
    blender.tick_until(connection.is_connected)
    assert blender.finish(transform(blender)).state is State.APPLIED


def test_a_parameter_that_the_server_refuses_is_said_by_its_title_and_marked(
    blender: InBlender, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_grid(4, 4)
    call = CALLS["transform_points"]
    # The field itself lets no such number in.
    wrong = call._replace(params=lambda values: {**call.params(values), "scale": [2e18, 1, 1]})
    monkeypatch.setitem(CALLS, "transform_points", wrong)
    job = blender.finish(blender.start("transform_points"))
    assert job.state is State.FAILED
    said = "Scale must be a number <= 1000000000000000000, got 2000000000000000000"
    assert job.line == f"{said}: nothing was applied"
    assert jobs.notes["transform_points"].fields == {"scale"}


def test_a_result_that_does_not_fit_is_refused(blender: InBlender) -> None:
    before = positions(make_grid(4, 4))
    half = np.where(np.arange(16)[:, None] < 5, np.float32(1), np.float32(np.nan))
    result = f"The result {quoted('points')} is"
    for array, line, is_kept in (
        (
            np.zeros((3, 3), np.float32),
            "The result has the shape (3, 3) where (16, 3) was wanted",
            True,
        ),
        (half.repeat(3, 1), f"{result} not a number in row 5", False),
        (np.full((16, 3), -np.inf), f"{result} infinite in row 0", False),
        (np.full((16, 3), 1e300), f"{result} too large in row 0", False),
    ):
        job = transform(blender)
        assert connection.client().wait(job.request, 20)
        job.outputs = {"points": array}
        blender.finish(job)
        assert job.line == f"{line}: nothing was applied"
        assert bool(jobs.kept("transform_points")) == is_kept, "no place would take it"
        np.testing.assert_array_equal(positions(bpy.context.object), before)
        jobs.discard(job.id)


def test_what_is_said_of_a_result_goes_with_it(blender: InBlender) -> None:
    make_grid(4, 4)
    blender.finish(transform(blender))
    assert "vertices" in blender.note("transform_points")
    pump.tick()
    assert "vertices" in blender.note("transform_points")
    bpy.ops.ed.undo()
    pump.tick()
    assert blender.note("transform_points") == ""


def test_an_error_goes_when_the_next_run_starts(blender: InBlender) -> None:
    make_grid(4, 4)
    jobs.notes["transform_points"] = jobs.Note("Failed", is_error=True)
    jobs.notes["transform_objects"] = jobs.Note("Failed", is_error=True)
    job = transform(blender)
    assert list(jobs.notes) == ["transform_objects"]
    blender.finish(job)


def test_what_blender_does_in_between_is_not_called_transfer(blender: InBlender) -> None:
    make_grid(4, 4)
    job = transform(blender)
    # As if the window was drawn for ten seconds before the answer was looked at.
    job.started -= 10
    job.request.started -= 10
    blender.finish(job)
    assert job.state is State.APPLIED, job.line
    assert set(job.timings) == {"queue", "compute", "transfer", "apply", "Blender"}
    assert job.timings["Blender"] > 5000 > job.timings["transfer"]
    assert sum(job.timings.values()) == pytest.approx(job.elapsed * 1000, rel=0.02)
    assert re.search(r" in \d+\.\d s: queue \d+\.\d, compute .*, Blender \d+\.\d$", job.line), (
        job.line
    )


def test_short_times_are_told_in_milliseconds(blender: InBlender) -> None:
    make_grid(4, 4)
    job = transform(blender)
    job.timings = {"queue": 1.4, "compute": 8.6}
    job.finished = job.started + 0.0312
    assert job.took == "in 31 ms: queue 1, compute 9"
    job.finished = job.started + 8.41
    job.timings = {"queue": 60, "compute": 8300}
    assert job.took == "in 8.4 s: queue 0.1, compute 8.3"
    job.finished = None
    jobs.cancel(job)
