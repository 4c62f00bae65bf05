"""The one timer: moves bytes, applies results, redraws the panel, and never takes long."""

import logging

import bpy

from . import apply, catalogue, connection, jobs, lists, run, traffic
from .calls import CALLS, Call
from .jobs import Job, State
from .mend import mend_opened
from .screen import View, in_view, redraw_panels
from .subjects import Refused

# Seconds. Blender's own loop sleeps up to 5 ms, so nothing is gained below 10. Whoever presses a
# button does not wait for an idle tick.
BUSY, IDLE = 0.01, 0.2
BUDGET = 0.003

log = logging.getLogger(__package__)
_view = View()


def tick() -> float:
    """Do one round. Returns the seconds until the next; scripts and tests call it by hand."""
    try:
        client = connection.client()
        with traffic.counted():
            has_more = client.pump(BUDGET)
        catalogue.advance()
        advance()
        mend_opened()
        lists.fill_opened()
        redraw_panels(_view, changed=face())
        if has_more:
            return 0.0
        return BUSY if client.busy or jobs.unfinished() else IDLE
    except Exception:
        # Blender drops a timer that raises, for good. The log has the reason, the next tick comes.
        log.exception("A tick of Outboard failed")
        return IDLE


def advance() -> None:
    """Take the jobs one step further; apply at most one result, for that takes its time."""
    jobs.forget_undone()
    waiting = apply.waiting_for()
    for job in jobs.unfinished():
        if _is_outdated(job) or job.state is not State.READY:
            continue
        job.waiting = waiting
        if not waiting:
            _apply(job)
            return


def face() -> tuple:
    """List all that the panel shows; it is drawn again when this changes."""
    running = tuple(
        (job.id, job.state, job.waiting, round(job.fraction, 2), job.message, round(job.elapsed, 1))
        for job in jobs.unfinished()
        if job.is_shown
    )
    return (
        connection.client().line,
        running,
        tuple(jobs.notes.items()),
        catalogue.current().revision,
    )


def _is_outdated(job: Job) -> bool:
    """End a job whose file was closed, so that the server need not finish it."""
    job.settle()
    try:
        apply.check_file(job)
    except Refused as refused:
        if job.state is State.READY:
            job.finish(State.FAILED, apply.meanwhile(refused))
        else:
            jobs.cancel(job, apply.meanwhile(refused))
        return True
    return False


def _apply(job: Job) -> None:
    call = CALLS[job.call]
    try:
        apply.find_unchanged(call, job) if not job.is_late else run.check_redo(job)
        with in_view():
            # The positional True pushes the undo step, which a call from Python lacks otherwise.
            if job.is_late:
                bpy.ops.ed.undo_redo("EXEC_DEFAULT", True)
            else:
                operator = getattr(bpy.ops.outboard, call.name)
                operator("EXEC_DEFAULT", True, job=job.id, **job.values)
    except Refused as refused:
        job.finish(State.FAILED, apply.meanwhile(refused))
    except (RuntimeError, TypeError) as error:
        # What an operator reports as an error arrives here as an exception, and so do values that
        # Blender does not take.
        log.warning("%s was not applied: %s", job.title, error)
    if job.is_unfinished:
        job.finish(State.FAILED, f"Blender refused to run the operator: {apply.NOTHING}")


def press(call: Call, operator: bpy.types.Operator, context: bpy.types.Context) -> set[str]:
    """Press a button, and tick at once rather than when the idle timer is due."""
    answer = run.press(call, operator, context)
    if bpy.app.timers.is_registered(tick):
        bpy.app.timers.unregister(tick)
        bpy.app.timers.register(tick, persistent=True)
    return answer


def register() -> None:
    """Start the timer; not in the background, where timers never fire."""
    if not bpy.app.background:
        bpy.app.timers.register(tick, first_interval=BUSY, persistent=True)


def unregister() -> None:
    """Stop the timer and forget the jobs."""
    jobs.clear()
    if bpy.app.timers.is_registered(tick):
        bpy.app.timers.unregister(tick)
