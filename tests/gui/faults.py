"""The script: what becomes of a result when the user does something else while the job runs."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import bpy
import hands
import numpy as np
from inside import PACKAGE, Player, field, module, positions

# The operation waits until this file is there.
SIGNAL = Path(os.environ["OUTBOARD_GUI_OPERATIONS"]) / "signal"
MEANWHILE = "while the job ran: nothing was applied"
# The quotes that the extension puts around names.
GRID = "\N{LEFT SINGLE QUOTATION MARK}Grid\N{RIGHT SINGLE QUOTATION MARK}"


def steps(ask: Callable[..., Iterator[None]]) -> Iterator[tuple[str, Callable]]:
    """Name every step in order."""
    play = Faults(ask)
    yield "connect", play.connect_and_open
    yield "delete", play.delete
    yield "rename", play.rename
    yield "single user", play.single_user
    yield "more vertices", play.more_vertices
    yield "edit mode", play.edit_mode
    yield "grab", play.grab
    yield "undo", play.undo
    yield "another file", play.another_file
    yield "disable", play.disable


class Faults(Player):
    """Each step runs the same operation, does something meanwhile, and finds the scene unharmed."""

    def connect_and_open(self) -> Iterator[None]:
        yield from self.connect_with_a_grid()
        manager = bpy.context.window_manager
        manager.outboard_search, manager.outboard_opened = "slowly", "lift_slowly"

    def begin(self) -> Iterator[None]:
        """Press Run for a job that ends when it is told to; gives the job."""
        SIGNAL.unlink(missing_ok=True)
        fields = field("lift_slowly")
        fields.height, fields.signal = 3, str(SIGNAL)
        with hands.in_viewport():
            bpy.ops.outboard.lift_slowly("INVOKE_DEFAULT")
        jobs = module("scene.jobs")
        (job,) = jobs.unfinished("lift_slowly")
        yield from hands.until(lambda: job.fraction > 0, "a thread is at it")
        return job

    def refused(self, job: object, line: str) -> Iterator[None]:
        """Let a job end that must not be applied, and compare what is said."""
        assert job.state.value == "running", job.line
        SIGNAL.touch()
        yield from hands.until(lambda: not job.is_unfinished, "its end")
        yield from hands.pause(10)
        assert self.note("lift_slowly") == line, self.note("lift_slowly")
        return line

    def press(self, kind: str, **modifiers: bool) -> Iterator[None]:
        """Press a key over the viewport."""
        at = hands.middle(hands.region("WINDOW"))
        yield from hands.move(*at)
        yield from hands.key(kind, at, **modifiers)

    def delete(self) -> Iterator[None]:
        before = positions()
        job = yield from self.begin()
        yield from self.press("DEL")
        yield from hands.until(lambda: "Grid" not in bpy.context.scene.objects, "it is deleted")
        yield from self.refused(job, f"{GRID} was deleted {MEANWHILE}")
        yield from self.press("Z", ctrl=True)
        yield from hands.until(lambda: "Grid" in bpy.context.scene.objects, "it is back")
        assert np.array_equal(positions(), before)
        return self.note("lift_slowly")

    def rename(self) -> Iterator[None]:
        before = positions()
        job = yield from self.begin()
        bpy.data.objects["Grid"].name = "Other"
        other = GRID.replace("Grid", "Other")
        yield from self.refused(job, f"{GRID} was renamed to {other} {MEANWHILE}")
        bpy.data.objects["Other"].name = "Grid"
        assert np.array_equal(positions(), before)
        return self.note("lift_slowly")

    def single_user(self) -> Iterator[None]:
        ob = bpy.data.objects["Grid"]
        before, shared = positions(), ob.data
        job = yield from self.begin()
        with hands.in_viewport():
            twin = bpy.data.objects.new("Twin", ob.data)
            bpy.context.scene.collection.objects.link(twin)
            bpy.ops.object.make_single_user(type="SELECTED_OBJECTS", object=True, obdata=True)
        assert ob.data != shared
        yield from self.refused(job, f"{GRID} got another mesh {MEANWHILE}")
        assert np.array_equal(positions(), before)
        bpy.data.objects.remove(twin)
        bpy.ops.ed.undo_push(message="Single User")
        return self.note("lift_slowly")

    def more_vertices(self) -> Iterator[None]:
        before = positions()
        job = yield from self.begin()
        with hands.in_viewport():
            bpy.ops.object.mode_set(mode="EDIT")
            bpy.ops.mesh.duplicate()
            bpy.ops.object.mode_set(mode="OBJECT")
        assert len(positions()) == 2 * len(before)
        yield from self.refused(job, f"{GRID} went from 100 to 200 vertices {MEANWHILE}")
        assert not positions()[:, 2].any()
        return self.note("lift_slowly")

    def edit_mode(self) -> Iterator[None]:
        job = yield from self.begin()
        yield from self.press("TAB")
        yield from hands.until(lambda: bpy.context.object.mode == "EDIT", "Edit Mode")
        yield from self.refused(job, f"{GRID} went into Edit Mode {MEANWHILE}")
        yield from self.press("TAB")
        yield from hands.until(lambda: bpy.context.object.mode == "OBJECT", "Object Mode")
        assert not positions()[:, 2].any()
        return self.note("lift_slowly")

    def grab(self) -> Iterator[None]:
        # A result waits for a grab to end; this grab moves the object, not its vertices.
        job = yield from self.begin()
        yield from self.press("G")
        SIGNAL.touch()
        yield from hands.until(lambda: bool(job.waiting), "it waits for the grab")
        assert not positions()[:, 2].any()
        line = job.waiting
        yield from self.press("ESC")
        yield from hands.until(lambda: not job.is_unfinished, "it is applied after the grab")
        assert (positions()[:, 2] == 3).all()
        yield from self.press("Z", ctrl=True)
        yield from hands.until(lambda: not positions()[:, 2].any(), "undone")
        return line

    def undo(self) -> Iterator[None]:
        bpy.data.objects["Grid"].location.x = 1
        bpy.ops.ed.undo_push(message="Move")
        job = yield from self.begin()
        yield from self.press("Z", ctrl=True)
        yield from hands.until(lambda: bpy.data.objects["Grid"].location.x == 0, "undone")
        yield from self.refused(job, f"A step was undone or redone {MEANWHILE}")
        assert not positions()[:, 2].any()
        return self.note("lift_slowly")

    def another_file(self) -> Iterator[None]:
        job = yield from self.begin()
        bpy.ops.wm.read_homefile()
        yield from hands.until(lambda: not job.is_unfinished, "the job is dropped")
        assert job.line == f"Another file was opened {MEANWHILE}", job.line
        assert sorted(bpy.data.objects.keys()) == ["Camera", "Cube", "Light"]
        yield from hands.pause(20)
        return job.line

    def disable(self) -> Iterator[None]:
        bpy.ops.mesh.primitive_grid_add(x_subdivisions=9, y_subdivisions=9)
        bpy.ops.ed.undo_push(message="Add Grid")
        job = yield from self.begin()
        bpy.ops.preferences.addon_disable(module=PACKAGE)
        assert job.state.value == "cancelled", job.state
        yield from hands.pause(10)
        assert not positions()[:, 2].any()
        bpy.ops.preferences.addon_enable(module=PACKAGE)
        yield from hands.until(lambda: "Connected" in self.line(), "connected again", 20)
        job = yield from self.begin()
        SIGNAL.touch()
        yield from hands.until(lambda: not job.is_unfinished, "the next job is answered")
        assert (positions()[:, 2] == 3).all()
        return job.line
