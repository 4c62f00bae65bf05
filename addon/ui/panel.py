"""The panel in the 3D viewport's sidebar: connection, and the two first buttons."""

import bpy

from ..scene import connection, jobs, test_call
from ..scene.calls import CALLS, Call
from . import fields, wrap

# Drawn in the panel itself rather than in a part of their own.
FIRST = ("move_cube_random",)
ICONS = {"off": "UNLINKED", "connected": "CHECKMARK", "refused": "ERROR"}


class Sidebar:
    """Where every panel of the extension stands."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Tools"


class OUTBOARD_PT_main(Sidebar, bpy.types.Panel):
    """Connection, Test Call Server and Move Cube Random."""

    bl_idname = "OUTBOARD_PT_main"
    bl_label = "Outboard"

    def draw(self, context: bpy.types.Context) -> None:
        """Draw the panel."""
        layout = self.layout
        _draw_connection(layout)
        layout.separator()
        layout.operator(f"outboard.{test_call.NAME}", icon="CONSOLE")
        for name in FIRST:
            layout.separator()
            draw_call(layout, context.scene, CALLS[name])
        # Below all buttons: none of them moves when there is something to say.
        _draw_note(layout, test_call.NAME)


def _draw_connection(layout: bpy.types.UILayout) -> None:
    client = connection.client()
    wrap.label(layout, client.line, icon=ICONS.get(client.state.value, "SORTTIME"))
    if connection.is_off():
        layout.operator("outboard.connect", icon="LINKED")
    else:
        text = "Disconnect" if connection.is_connected() else "Stop Connecting"
        layout.operator("outboard.disconnect", text=text, icon="UNLINKED")


def draw_call(layout: bpy.types.UILayout, scene: bpy.types.Scene, call: Call) -> None:
    """Draw a button: its fields, itself, its running job and its last result or error."""
    group = getattr(scene, f"outboard_{call.name}")
    note = jobs.notes.get(call.name)
    marked = note.fields if note else frozenset()
    fields.draw(layout, fields.Drawing(group, call.drawn, marked, call.name), call)
    shown = [job for job in jobs.unfinished(call.name) if job.is_shown]
    row = layout.row(align=True)
    button = row.row(align=True)
    button.enabled = not shown
    text = call.title if call.name in FIRST else "Run"
    button.operator(f"outboard.{call.name}", text=text, icon=call.icon)
    if call.form:
        row.operator("outboard.reset_fields", text="", icon="LOOP_BACK").operation = call.name
        row.popover("OUTBOARD_PT_presets", text="", icon="PRESET")
    for job in shown:
        _draw_job(layout, job)
    kept = jobs.kept(call.name)
    for job in kept:
        _draw_kept(layout, job)
    if not shown and not (note and note.line in [job.line for job in kept]):
        _draw_note(layout, call.name)


def _draw_job(layout: bpy.types.UILayout, job: jobs.Job) -> None:
    row = layout.row(align=True)
    text = f"{job.fraction:.0%}, {job.elapsed:.1f} s"
    row.progress(factor=job.fraction, type="BAR", text=text)
    row.operator("outboard.cancel_job", text="", icon="X").job = job.id
    if job.waiting or job.message:
        wrap.label(layout, job.waiting or job.message, icon="TIME")


def _draw_kept(layout: bpy.types.UILayout, job: jobs.Job) -> None:
    # A result that came and fits nothing any more: the user decides what becomes of it.
    row = layout.row(align=True)
    row.operator("outboard.apply_result", icon="IMPORT").job = job.id
    row.operator("outboard.discard_result", icon="TRASH").job = job.id
    wrap.label(layout, job.line, icon="ERROR")


def _draw_note(layout: bpy.types.UILayout, name: str) -> None:
    note = jobs.notes.get(name)
    if note:
        wrap.label(layout, note.line, icon="ERROR" if note.is_error else "INFO")


CLASSES = (OUTBOARD_PT_main,)
