"""Applies results: all checks first, then one write, or one plain line and nothing changed."""

import bpy
import numpy as np

from . import changes, read, subjects
from .calls import Call
from .jobs import Job
from .subjects import Refused, quoted
from .write import TARGETS, check, first

NOTHING = "nothing was applied"


def waiting_for() -> str:
    """Name the modal operator that is running, in words; empty when there is none.

    What is written while one runs is overwritten or lost when it ends.
    """
    for window in bpy.context.window_manager.windows:
        for operator in window.modal_operators:
            return f"Waiting for {quoted(operator.name)} to end"
    return ""


def apply(call: Call, job: Job) -> None:
    """Write the outputs of `job` into the scene.

    Raises
    ------
    Refused
        With one plain line; the scene is untouched then.
    """
    objects = find_unchanged(call, job)
    results = [(TARGETS[target], job.outputs[output]) for output, target in call.targets.items()]
    for target, array in results:
        check(target, objects, array)
    for target, array in results:
        target.write(objects, array)


def find_unchanged(call: Call, job: Job) -> list[bpy.types.Object]:
    """Find the objects `job` works on, if they still are what it started from.

    Raises
    ------
    Refused
        When they, or the scene, changed while the job ran.
    """
    check_moment(job)
    target = first(call.targets)
    subjects.check_mode(bpy.context.view_layer.objects.active)
    objects = subjects.find(job.subjects)
    for ob, subject in zip(objects, job.subjects, strict=True):
        subjects.check_mode(ob)
        if target.is_mesh:
            _check_same_mesh(ob, subject)
        else:
            subjects.check_editable(ob)
    if not is_same_input(call, job, objects):
        raise Refused(f"{_named(objects)} changed")
    return objects


def is_same_input(call: Call, job: Job, objects: list[bpy.types.Object]) -> bool:
    """Tell whether `objects` would give the job the same input arrays again."""
    return all(
        _is_same(read.SOURCES[source](objects), job.inputs[name])
        for name, source in call.sources.items()
    )


def check_moment(job: Job) -> None:
    """Refuse when another file was opened, or a step undone or redone, since `job` started."""
    now = changes.now()
    if job.moment.files != now.files:
        raise Refused("Another file was opened")
    if job.moment.undos != now.undos:
        raise Refused("A step was undone or redone")


def meanwhile(refused: Refused) -> str:
    """Make the whole line for the user about a result that came but cannot be applied."""
    return f"{refused.later} while the job ran: {NOTHING}"


def _check_same_mesh(ob: bpy.types.Object, subject: subjects.Subject) -> None:
    if ob.data is None or ob.data.session_uid != subject.data_uid:
        raise Refused(f"{quoted(ob.name)} got another mesh")
    subjects.check_mesh(ob)
    count = len(ob.data.vertices)
    if count != subject.vertices:
        raise Refused(f"{quoted(ob.name)} went from {subject.vertices:,} to {count:,} vertices")


def _is_same(now: np.ndarray, then: np.ndarray) -> bool:
    if np.array_equal(now, then, equal_nan=True):
        return True
    # World matrices are evaluated anew and may differ in the last place.
    are_matrices = now.shape[1:] == (4, 4) and now.shape == then.shape
    return are_matrices and np.allclose(now, then, 1e-5, 1e-6)


def _named(objects: list[bpy.types.Object]) -> str:
    return quoted(objects[0].name) if len(objects) == 1 else "The selected objects"
