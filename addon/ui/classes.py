"""Registers what the user sees: the fixed classes, and those made from the table of buttons."""

import bpy

from ..scene.calls import CALLS
from . import buttons, kept, operators, panel, preferences

_registered: list[type] = []


def register() -> None:
    """Register every class and put the buttons' fields on the scene."""
    CALLS.update((call.name, call) for call in buttons.BUTTONS)
    for cls in (*preferences.CLASSES, *operators.CLASSES, *kept.CLASSES, *panel.CLASSES):
        _register(cls)
    for call in CALLS.values():
        group = _register(operators.fields_class(call))
        setattr(bpy.types.Scene, f"outboard_{call.name}", bpy.props.PointerProperty(type=group))
        _register(operators.operator_class(call))
        if call.name not in panel.FIRST:
            _register(panel.part_class(call))


def _register(cls: type) -> type:
    bpy.utils.register_class(cls)
    _registered.append(cls)
    return cls


def unregister() -> None:
    """Take everything back, in reverse order."""
    for call in CALLS.values():
        if hasattr(bpy.types.Scene, f"outboard_{call.name}"):
            delattr(bpy.types.Scene, f"outboard_{call.name}")
    while _registered:
        bpy.utils.unregister_class(_registered.pop())
    CALLS.clear()
