"""Breaks text into lines that fit the sidebar; Blender's labels do not wrap by themselves."""

import blf
import bpy

# The tabs, the panel's margins, the icon and the label's own, in pixels at a resolution scale of 1.
MARGIN = 88


def lines(text: str, width: float) -> list[str]:
    """Break `text` at spaces into lines no wider than `width` pixels, of about equal length."""
    found = _broken(text, width)
    # A single word on the last line looks lost: use no more of the width than is needed.
    for share in (0.9, 0.8, 0.7, 0.6):
        narrower = _broken(text, width * share)
        if len(narrower) > len(found):
            break
        found = narrower
    return found


def _broken(text: str, width: float) -> list[str]:
    found: list[str] = []
    for word in text.split(" "):
        longer = f"{found[-1]} {word}" if found else word
        if found and blf.dimensions(0, longer)[0] <= width:
            found[-1] = longer
        else:
            found.append(word)
    return found


def label(layout: bpy.types.UILayout, text: str, icon: str = "NONE") -> None:
    """Draw `text` as one or more labels, the first with the icon."""
    context = bpy.context
    scale = context.preferences.system.ui_scale
    points = context.preferences.ui_styles[0].widget.points
    blf.size(0, points * scale)
    width = (context.region.width if context.region else 300) - MARGIN * scale
    column = layout.column(align=True)
    column.scale_y = 0.85
    for line in lines(text, width):
        column.label(text=line, icon=icon)
        icon = "BLANK1" if icon != "NONE" else "NONE"
