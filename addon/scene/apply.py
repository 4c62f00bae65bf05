"""Applies results: all checks first, then one write, or one plain line and nothing changed."""

import contextlib

import bpy

from . import changes, scope, sources, subjects, targets
from .calls import Call
from .choices import OBJECTS_OF
from .jobs import Job
from .scope import Scope
from .subjects import Misfit, Refused, quoted

NOTHING = "nothing was applied"
# Whose mesh must be the same one when the result comes.
MESHES = ("mesh", "second")


def waiting_for() -> str:
    """Name the modal operator that is running, in words; empty when there is none.

    What is written while one runs is overwritten or lost when it ends.
    """
    for window in bpy.context.window_manager.windows:
        for operator in window.modal_operators:
            return f"Waiting for {quoted(operator.name)} to end"
    return ""


def apply(call: Call, job: Job) -> str:
    """Write the outputs of `job` into the scene. Returns what was done, in words.

    Raises
    ------
    Refused
        With one plain line; the scene is untouched then.
    """
    return targets.write(find_unchanged(call, job), job.outputs)


def find_unchanged(call: Call, job: Job) -> Scope:
    """Find the objects `job` works on, if they still are what it started from.

    Raises
    ------
    Refused
        When they, or the scene, changed while the job ran.
    """
    check_moment(job)
    subjects.check_mode(bpy.context.view_layer.objects.active)
    found = scope.find(call, job.values, job.subjects)
    for role, objects in found.objects.items():
        subjects.check_modes(objects)
        if role in MESHES:
            subjects.check_same_mesh(objects[0], job.subjects[role])
    if not sources.is_same(found, job.inputs):
        raise Refused(f"{_named(found)} changed")
    targets.check_ready(found)
    return found


def check_moment(job: Job) -> None:
    """Refuse when another file was opened, or a step undone or redone, since `job` started."""
    check_file(job)
    if job.moment.undos != changes.now().undos:
        raise Refused("A step was undone or redone")


def check_file(job: Job) -> None:
    """Refuse when another file was opened since `job` started."""
    if job.moment.files != changes.now().files:
        raise Refused("Another file was opened")


def apply_elsewhere(call: Call, job: Job) -> str:
    """Write a result that was kept to what is active, selected or chosen now.

    Raises
    ------
    Refused
        With one plain line; the scene is untouched then.
    """
    found = Scope(call, job.values)
    # They only tell where new things are put; what is changed is picked by the targets.
    with contextlib.suppress(Refused):
        sources.pick(found)
    targets.check_ready(found)
    return targets.write(found, job.outputs)


def meanwhile(refused: Refused) -> str:
    """Make the whole line for the user about a result that came but cannot be applied."""
    if isinstance(refused, Misfit):
        return f"{refused}: {NOTHING}"
    return f"{refused.later} while the job ran: {NOTHING}"


def _named(found: Scope) -> str:
    objects = {ob.name: ob for them in found.objects.values() for ob in them}
    if len(objects) == 1:
        return quoted(next(iter(objects)))
    if found.objects.keys() == {"objects"} and not found.values.get(OBJECTS_OF):
        return "The selected objects"
    return "What was read"
