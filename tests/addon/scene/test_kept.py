"""A result that cannot be applied stays until the user applies it elsewhere or discards it."""

import bpy
import numpy as np
import pytest
from in_blender import InBlender, activate, everything, make_grid, positions

from outboard.scene import apply, jobs
from outboard.scene.calls import CALLS
from outboard.scene.jobs import State
from outboard.scene.subjects import quoted


def fail(blender: InBlender, shift: float = 1) -> jobs.Job:
    """Let a result come for a grid that is deleted meanwhile, with another one beside it."""
    make_grid(4, 4)
    make_grid(4, 4, "Lost")
    job = blender.start("transform_points", translation=(0, 0, shift))
    bpy.data.objects.remove(bpy.data.objects["Lost"])
    blender.finish(job)
    assert (job.state, jobs.kept("transform_points")[-1]) == (State.FAILED, job)
    return job


def test_a_result_is_kept_and_applied_to_another_object(blender: InBlender) -> None:
    job = fail(blender)
    grid = activate(bpy.data.objects["Grid"])
    before = positions(grid)
    bpy.ops.ed.undo_push(message="Before")
    assert bpy.ops.outboard.apply_result("EXEC_DEFAULT", True, job=job.id) == {"FINISHED"}
    np.testing.assert_allclose(positions(grid), before + np.array((0, 0, 1)), atol=1e-6)
    assert jobs.kept() == []
    assert blender.note("transform_points") == f"16 vertices of {quoted('Grid')} transformed"
    bpy.ops.ed.undo()
    np.testing.assert_array_equal(positions(bpy.data.objects["Grid"]), before)


def test_a_result_that_does_not_fit_elsewhere_is_still_kept(blender: InBlender) -> None:
    job = fail(blender)
    activate(bpy.data.objects["Cube"])
    before = everything()
    with pytest.raises(RuntimeError, match=r"shape \(16, 3\) where \(8, 3\)"):
        bpy.ops.outboard.apply_result(job=job.id)
    assert everything() == before
    assert jobs.kept() == [job]


def test_a_discarded_result_is_gone_and_so_is_its_line(blender: InBlender) -> None:
    job = fail(blender)
    bpy.ops.outboard.discard_result(job=job.id)
    assert (jobs.kept(), blender.note("transform_points")) == ([], "")
    with pytest.raises(RuntimeError, match="not there any more"):
        bpy.ops.outboard.apply_result(job=job.id)


def test_the_error_of_a_try_to_apply_goes_with_the_discarded_result(blender: InBlender) -> None:
    job = fail(blender)
    activate(bpy.data.objects["Cube"])
    with pytest.raises(RuntimeError, match="shape"):
        bpy.ops.outboard.apply_result(job=job.id)
    assert "shape" in blender.note("transform_points")
    bpy.ops.outboard.discard_result(job=job.id)
    assert blender.note("transform_points") == ""


def test_later_runs_do_not_throw_a_kept_result_away(blender: InBlender) -> None:
    job = fail(blender)
    activate(bpy.data.objects["Grid"])
    assert blender.finish(blender.start("transform_points")).state is State.APPLIED
    again = fail(blender, shift=2)
    assert jobs.kept() == [job, again]


def test_the_oldest_goes_when_they_take_too_much_memory(
    blender: InBlender, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = fail(blender)
    monkeypatch.setattr(jobs, "KEPT_BYTES", first.size * 2)
    second, third = fail(blender), fail(blender)
    assert jobs.kept() == [second, third]


def test_a_long_job_is_not_lost_by_an_undo(blender: InBlender) -> None:
    make_grid(4, 4)
    job = blender.start("transform_points", translation=(0, 0, 1))
    bpy.ops.ed.undo()
    bpy.ops.ed.redo()
    blender.finish(job)
    assert jobs.kept() == [job]
    activate(bpy.data.objects["Grid"])
    bpy.ops.outboard.apply_result(job=job.id)
    assert positions(bpy.context.object)[:, 2] == pytest.approx(1)


def test_a_result_that_waits_outlives_another_file(
    blender: InBlender, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_grid(4, 4)
    with monkeypatch.context() as patch:
        patch.setattr(apply, "waiting_for", lambda: "Waiting")
        job = blender.start("transform_points", translation=(0, 0, 1))
        blender.tick_until(lambda: bool(job.waiting))
    bpy.ops.wm.read_factory_settings()
    blender.finish(job)
    assert jobs.kept() == [job]
    make_grid(4, 4)
    bpy.ops.outboard.apply_result(job=job.id)
    assert positions(bpy.context.object)[:, 2] == pytest.approx(1)


def test_a_job_that_the_server_failed_leaves_nothing_to_keep(
    blender: InBlender, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_grid(4, 4)
    unknown = CALLS["transform_points"]._replace(operation="no_such_operation")
    monkeypatch.setitem(CALLS, "transform_points", unknown)
    job = blender.finish(blender.start("transform_points"))
    assert (job.state, jobs.kept()) == (State.FAILED, [])
