"""The operators: thin classes, each calling one function. Those of the buttons are made here."""

import bpy
from bpy.props import BoolProperty, EnumProperty, IntProperty, StringProperty

from ..scene import connection, jobs, lists, pump, run, test_call
from ..scene.calls import CALLS, Call
from . import fields


class OUTBOARD_OT_connect(bpy.types.Operator):
    """The operator of the button Connect."""

    bl_idname = "outboard.connect"
    bl_label = "Connect"
    bl_description = "Look for the server, connect to it, and connect again after a break"

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Start to connect."""
        connection.connect()
        return {"FINISHED"}


class OUTBOARD_OT_disconnect(bpy.types.Operator):
    """The operator of the button Disconnect."""

    bl_idname = "outboard.disconnect"
    bl_label = "Disconnect"
    bl_description = "End the connection; jobs that are still running are stopped"

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """End the connection."""
        connection.disconnect()
        return {"FINISHED"}


class OUTBOARD_OT_test_call_server(bpy.types.Operator):
    """The operator of the button Test Call Server."""

    bl_idname = f"outboard.{test_call.NAME}"
    bl_label = "Test Call Server"
    bl_description = "Send a message that the server prints in its terminal and sends back"

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """Grey it out without a connection, with the reason in the tooltip."""
        return _poll(cls, "" if connection.is_connected() else run.NOT_CONNECTED)

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Send the message."""
        test_call.send()
        return {"FINISHED"}


class OUTBOARD_OT_cancel_job(bpy.types.Operator):
    """The operator of the button Cancel."""

    bl_idname = "outboard.cancel_job"
    bl_label = "Cancel"
    bl_description = "Stop this job; nothing is applied to the scene"

    job: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Cancel the job, or every unfinished one if none is named."""
        jobs.cancel_all(self.job)
        return {"FINISHED"}


class OUTBOARD_OT_reset_fields(bpy.types.Operator):
    """The operator of the button Reset to Defaults."""

    bl_idname = "outboard.reset_fields"
    bl_label = "Reset to Defaults"
    bl_description = "Set every field of this operation back to its default"
    bl_options = {"UNDO"}

    operation: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Forget the values, and the error that they may have led to."""
        call = CALLS.get(self.operation)
        if call is None:
            return {"CANCELLED"}
        fields.reset(getattr(context.scene, f"outboard_{call.name}"), call)
        jobs.notes.pop(call.name, None)
        return {"FINISHED"}


class OUTBOARD_OT_change_rows(bpy.types.Operator):
    """The operator of the buttons of a list."""

    bl_idname = "outboard.change_rows"
    bl_label = "Change List"
    bl_options = {"UNDO", "INTERNAL"}

    operation: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
    field: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
    action: EnumProperty(
        items=[
            ("ADD", "Add", "Add a row at the end"),
            ("REMOVE", "Remove", "Remove this row"),
            ("UP", "Move Up", "Move this row up"),
            ("DOWN", "Move Down", "Move this row down"),
        ],
        options={"HIDDEN", "SKIP_SAVE"},
    )
    index: IntProperty(options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def description(cls, _context: bpy.types.Context, properties: object) -> str:
        """Say what the button does."""
        return properties.bl_rna.properties["action"].enum_items[properties.action].description

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Change the list."""
        return {"FINISHED"} if lists.change(context.scene, self) else {"CANCELLED"}


def _poll(cls: type, reason: str) -> bool:
    if reason:
        cls.poll_message_set(reason)
    return not reason


def operator_class(call: Call) -> type:
    """Make the operator of a button: `bpy.ops.outboard.<name>`, with the button's fields for F9."""
    props = {**call.fields, "job": StringProperty(options={"HIDDEN", "SKIP_SAVE"})}
    return type(
        f"OUTBOARD_OT_{call.name}",
        (bpy.types.Operator,),
        {
            "__annotations__": props,
            "bl_description": call.description,
            "bl_idname": f"outboard.{call.name}",
            "bl_label": call.title,
            "bl_options": {"REGISTER", "UNDO", "PRESET"},
            "poll": classmethod(lambda cls, _context: _poll(cls, run.unavailable(call))),
            "draw": lambda self, _context: fields.draw(
                self.layout, fields.Drawing(self.properties), call
            ),
            "invoke": lambda self, context, _event: pump.press(call, self, context),
            "execute": lambda self, context: run.perform(call, self, context),
        },
    )


def fields_class(call: Call) -> type:
    """Make the property group that keeps a button's fields on the scene."""
    opened = BoolProperty(
        name=call.title,
        description=call.description,
        get=lambda _self: bpy.context.window_manager.outboard_opened == call.name,
        set=lambda _self, is_open: _open(call.name if is_open else ""),
        options={"SKIP_SAVE"},
    )
    return type(
        f"OUTBOARD_PG_{call.name}",
        (bpy.types.PropertyGroup,),
        {"__annotations__": {**call.fields, "is_open": opened}},
    )


def _open(name: str) -> None:
    bpy.context.window_manager.outboard_opened = name


CLASSES = (
    OUTBOARD_OT_connect,
    OUTBOARD_OT_disconnect,
    OUTBOARD_OT_test_call_server,
    OUTBOARD_OT_cancel_job,
    OUTBOARD_OT_reset_fields,
    OUTBOARD_OT_change_rows,
)
