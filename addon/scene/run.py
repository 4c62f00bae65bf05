"""From a press of a button to a result in the scene: starts jobs and ends them."""

import logging
import time

import bpy

from ..bridge.errors import OutboardError
from ..bridge.request import JobResult
from . import apply, changes, connection, jobs, refusals, scope, sources, targets, traffic
from .calls import CALLS, Call
from .jobs import Job, State
from .mend import mend
from .scope import Scope
from .subjects import Misfit, Refused

# Seconds, a tick's budget.
AT_ONCE = 0.006
# Seconds of sending before it is noted what the job works on.
SEND_FIRST = 0.002
# How long F9, or a script in a window, may wait for an answer. Slower ones are applied later.
REDO_WAIT = 0.15
# Milliseconds that Blender took for itself; fewer lie between any two ticks.
WORTH_TELLING = 20
# A script in the background has nothing to freeze; the server's own deadline comes first.
BACKGROUND_WAIT = 24 * 3600.0

NOT_CONNECTED = "Not connected to a server: press Connect in the panel"

log = logging.getLogger(__package__)


def press(call: Call, operator: bpy.types.Operator, context: bpy.types.Context) -> set[str]:
    """Start a job with the panel's values; the pump applies what comes back."""
    if jobs.unfinished(call.name):
        operator.report({"WARNING"}, f"{call.title} is still running")
        return {"CANCELLED"}
    given = operator.properties
    fields = getattr(context.scene, f"outboard_{call.name}")
    mend(fields)
    values = call.values(fields)
    for name in call.fields:
        if given.is_property_set(name):
            values[name] = call.values(operator)[name]
    try:
        job = start(call, call.draw(values, given))
        # Goes on with what would else lie until the next tick.
        with traffic.counted():
            connection.client().wait(job.request, AT_ONCE)
    except Refused as refused:
        _refuse(call, operator, refused)
    # CANCELLED, so that this press itself is no undo step; the result will be one.
    return {"CANCELLED"}


def perform(call: Call, operator: bpy.types.Operator, context: bpy.types.Context) -> set[str]:
    """Apply a result as one undo step: one that has come, or F9's, or a script's.

    FINISHED says that the scene changed, CANCELLED that it is as it was; after a redo
    Blender then restores the result of before.
    """
    job = jobs.get(operator.job)
    is_redo = operator.options.is_repeat and not operator.options.is_repeat_last
    try:
        if not (job and job.state is State.READY and job.values == call.values(operator)):
            job = _ask(call, operator, job if is_redo else None)
            operator.job = job.id
            if job.state is State.RUNNING:
                if is_redo:
                    # Blender restores the old result next; the scene of after that counts.
                    job.is_late, job.moment = True, None
                return {"CANCELLED"}
        if job.state is not State.READY:
            raise Refused(job.line)
        if is_redo:
            # Blender itself undid the step on the way here: that is no change of the scene.
            job.moment = changes.now()
        _apply(call, job)
    except Refused as refused:
        _refuse(call, operator, refused)
        return {"CANCELLED"}
    return {"FINISHED"}


def unavailable(call: Call) -> str:
    """Tell why the button cannot be pressed, in words; empty if it can."""
    if connection.is_connected() or any(
        job.state is State.READY for job in jobs.unfinished(call.name)
    ):
        return ""
    return NOT_CONNECTED


def check_redo(job: Job) -> None:
    """Refuse a late result of F9 if the step it changes is not the last one any more."""
    apply.check_moment(job)
    last = bpy.context.window_manager.operators[-1:]
    if not last or getattr(last[0].properties, "job", "") != job.id:
        raise Refused("Something else was done")


def start(call: Call, values: dict[str, object], found: Scope | None = None) -> Job:
    """Read the inputs and send the job.

    Parameters
    ----------
    call : Call
    values : dict of str to object
        Of the call's fields.
    found : Scope, optional
        The objects to work on again; without it, they are picked in the scene.

    Raises
    ------
    Refused
        When there is no connection, or what is wanted cannot be read or written.
    """
    client = connection.client()
    found = found or Scope(call, values)
    sources.pick(found)
    targets.check_ready(found)
    if not connection.is_connected():
        raise Refused(client.line)
    params = call.params_for(values)
    inputs = sources.read(found)
    job = jobs.add(Job(call.name, call.title, values, inputs, changes.now()))
    with traffic.counted():
        job.request = client.run(
            call.operation,
            params,
            inputs,
            on_done=lambda result, error: _answered(call, job, result, error),
        )
        client.pump(SEND_FIRST)
    # What takes longer with many objects is done while the server has something to do.
    job.subjects = found.remember()
    return job


def _answered(call: Call, job: Job, result: JobResult | None, error: OutboardError | None) -> None:
    # Called while the client pumps: only take note here, the scene is changed later.
    if not job.is_unfinished:
        return
    if error is not None:
        line, job.bad_fields = refusals.explain(call, job.values, error)
        job.finish(State.FAILED, f"{line}: {apply.NOTHING}")
    elif missing := [name for name in call.targets_for(job.values) if name not in result.outputs]:
        job.finish(State.FAILED, f"The answer has no {missing[0]}: {apply.NOTHING}")
    else:
        job.outputs, job.state = result.outputs, State.READY
        job.timings = _timings(job, result)


def _ask(call: Call, operator: bpy.types.Operator, before: Job | None) -> Job:
    """Find a job for the operator's own values: the one of before if it fits, else a new one."""
    for old in jobs.unfinished(call.name):
        jobs.cancel(old, "A newer run took its place")
    values = call.values(operator)
    found = scope.find(call, values, before.subjects) if before else None
    if (
        found
        and before.outputs
        and values == before.values
        and sources.is_same(found, before.inputs)
    ):
        before.state = State.READY
        return before
    values = values if before else call.draw(values, operator.properties)
    for name in call.drawn:
        setattr(operator, name, values[name])
    job = start(call, values, found)
    wait = BACKGROUND_WAIT if bpy.app.background else REDO_WAIT
    with traffic.counted():
        connection.client().wait(job.request, wait)
    return job


def _timings(job: Job, result: JobResult) -> dict[str, float]:
    queue, compute = (result.timings.get(f"{what}Ms", 0.0) for what in ("queue", "compute"))
    # While Blender draws or does something else, nothing is transferred.
    talked = (traffic.spent() - job.talked_before) * 1000
    transfer = min(talked, max(0.0, result.round_trip_ms - queue - compute))
    return {"queue": queue, "compute": compute, "transfer": transfer}


def _apply(call: Call, job: Job) -> None:
    started = time.perf_counter()
    try:
        done = apply.apply(call, job)
    except Refused as refused:
        line = apply.meanwhile(refused)
        if isinstance(refused, Misfit) and refused.is_hopeless:
            job.outputs = {}
        job.finish(State.FAILED, line)
        raise Refused(line) from refused
    except ReferenceError as error:
        log.exception("An object vanished while %s was applied", call.title)
        raise Refused("An object vanished while the result was applied") from error
    job.timings["apply"] = (time.perf_counter() - started) * 1000
    job.timings.pop("Blender", None)
    between = job.elapsed * 1000 - sum(job.timings.values())
    if between >= WORTH_TELLING:
        job.timings["Blender"] = between
    jobs.applied(job, f"{done} {job.took}")


def apply_kept(operator: bpy.types.Operator) -> set[str]:
    """Apply a result that was kept to what is active or selected now."""
    job = jobs.get(operator.job)
    call = CALLS.get(job.call) if job else None
    if call is None or not job.outputs:
        operator.report({"ERROR"}, "This result is not there any more")
        return {"CANCELLED"}
    try:
        done = apply.apply_elsewhere(call, job)
    except Refused as refused:
        line = f"{refused}: {apply.NOTHING}"
        jobs.notes[call.name] = jobs.Note(line, is_error=True)
        operator.report({"ERROR"}, line)
        return {"CANCELLED"}
    jobs.applied(job, done)
    return {"FINISHED"}


def _refuse(call: Call, operator: bpy.types.Operator, refused: Refused) -> None:
    jobs.notes[call.name] = jobs.Note(str(refused), True, refusals.fields_of(refused))
    operator.report({"ERROR"}, str(refused))
