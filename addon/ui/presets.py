"""Presets of the operation that is open in the panel; F9 has the same ones."""

from pathlib import Path

import bpy
from bl_operators.presets import AddPresetBase
from bl_ui.utils import PresetPanel
from bpy.props import StringProperty

from ..scene import jobs, presets
from ..scene.calls import CALLS, Call


def _opened() -> Call | None:
    return CALLS.get(bpy.context.window_manager.outboard_opened)


class _OfTheOpened:
    """Where the presets of the operation that is open are."""

    @property
    def preset_subdir(self) -> str:
        """The folder, below Blender's own for presets."""
        call = _opened()
        return presets.folder(call.name if call else "none")


class OUTBOARD_PT_presets(_OfTheOpened, PresetPanel, bpy.types.Panel):
    """The list of presets, as Blender's own panels have it."""

    bl_idname = "OUTBOARD_PT_presets"
    bl_label = "Operation Presets"
    bl_space_type = "VIEW_3D"
    preset_operator = "outboard.load_preset"
    preset_add_operator = "outboard.add_preset"

    def draw(self, context: bpy.types.Context) -> None:
        """Draw the list, also before there is any preset."""
        place = Path("presets") / self.preset_subdir
        # Blender would complain of a folder that is missing.
        bpy.utils.user_resource("SCRIPTS", path=str(place), create=True)
        super().draw(context)


class OUTBOARD_OT_add_preset(_OfTheOpened, AddPresetBase, bpy.types.Operator):
    """The operator of the buttons Add and Remove of the list."""

    bl_idname = "outboard.add_preset"
    bl_label = "Add Operation Preset"
    bl_description = "Save the values of this operation under this name, or remove this preset"
    preset_menu = OUTBOARD_PT_presets.bl_idname

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """Only where an operation is open."""
        return _opened() is not None

    def add(self, context: bpy.types.Context, filepath: str) -> None:
        """Write the file; Blender found a name for it."""
        call = _opened()
        values = call.values(getattr(context.scene, f"outboard_{call.name}"))
        presets.write(Path(filepath), values)


class OUTBOARD_OT_load_preset(bpy.types.Operator):
    """The operator of a preset in the list."""

    bl_idname = "outboard.load_preset"
    bl_label = "Load Operation Preset"
    bl_description = "Set the fields of this operation as this preset has them"
    bl_options = {"UNDO", "INTERNAL"}

    filepath: StringProperty(subtype="FILE_PATH", options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Set the fields."""
        call = _opened()
        if call is None:
            return {"CANCELLED"}
        try:
            presets.read(Path(self.filepath), getattr(context.scene, f"outboard_{call.name}"))
        except (OSError, SyntaxError, ValueError) as error:
            self.report({"ERROR"}, f"The preset cannot be read: {error}")
            return {"CANCELLED"}
        jobs.notes.pop(call.name, None)
        return {"FINISHED"}


CLASSES = (OUTBOARD_PT_presets, OUTBOARD_OT_add_preset, OUTBOARD_OT_load_preset)
