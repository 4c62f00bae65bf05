"""Draws a button's fields, alike in the panel and in the redo panel of F9."""

from collections.abc import Iterable

import bpy

from ..scene.calls import Call


def draw(layout: bpy.types.UILayout, holder: object, call: Call, names: Iterable[str]) -> None:
    """Draw the fields `names` of `holder`, a property group or an operator, below headings."""
    layout.use_property_split = True
    layout.use_property_decorate = False
    column = layout.column()
    for name in names:
        if name in call.headings:
            column.separator()
            column.label(text=call.headings[name])
        column.prop(holder, name)
