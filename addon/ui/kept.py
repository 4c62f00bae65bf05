"""The operators for results that came and could not be applied."""

import bpy
from bpy.props import StringProperty

from ..scene import jobs, run


class OUTBOARD_OT_apply_result(bpy.types.Operator):
    """The operator of the button Apply To."""

    bl_idname = "outboard.apply_result"
    bl_label = "Apply To Active"
    bl_description = "Apply this result to the object that is active, or those selected, now"
    bl_options = {"REGISTER", "UNDO"}

    job: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Apply the result."""
        return run.apply_kept(self)


class OUTBOARD_OT_discard_result(bpy.types.Operator):
    """The operator of the button Discard."""

    bl_idname = "outboard.discard_result"
    bl_label = "Discard"
    bl_description = "Forget this result"

    job: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Forget the result."""
        jobs.discard(self.job)
        return {"FINISHED"}


CLASSES = (OUTBOARD_OT_apply_result, OUTBOARD_OT_discard_result)
