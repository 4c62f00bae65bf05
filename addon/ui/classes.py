"""Registers what the user sees: the fixed classes, the first buttons, those of the catalogue."""

import bpy

from ..scene.calls import CALLS
from . import buttons, generated, kept, operations_panel, operators, panel, preferences, presets

_registered: list[type] = []


def register() -> None:
    """Register every class and put the buttons' fields on the scene."""
    manager = bpy.types.WindowManager
    manager.outboard_opened = bpy.props.StringProperty(options={"HIDDEN", "SKIP_SAVE"})
    manager.outboard_search = bpy.props.StringProperty(
        name="Search",
        description="Show the operations that have these letters in their name",
        options={"TEXTEDIT_UPDATE", "SKIP_SAVE"},
        update=operations_panel.open_only_hit,
    )
    modules = (preferences, operators, kept, presets, panel, operations_panel)
    for cls in (cls for module in modules for cls in module.CLASSES):
        _register(cls)
    for call in buttons.BUTTONS:
        CALLS[call.name] = call
        group = _register(operators.fields_class(call))
        setattr(bpy.types.Scene, f"outboard_{call.name}", bpy.props.PointerProperty(type=group))
        _register(operators.operator_class(call))
    generated.register()


def _register(cls: type) -> type:
    bpy.utils.register_class(cls)
    _registered.append(cls)
    return cls


def unregister() -> None:
    """Take everything back, in reverse order."""
    generated.unregister()
    for call in buttons.BUTTONS:
        if hasattr(bpy.types.Scene, f"outboard_{call.name}"):
            delattr(bpy.types.Scene, f"outboard_{call.name}")
    while _registered:
        bpy.utils.unregister_class(_registered.pop())
    for name in ("outboard_opened", "outboard_search"):
        if hasattr(bpy.types.WindowManager, name):
            delattr(bpy.types.WindowManager, name)
    CALLS.clear()
