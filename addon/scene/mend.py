"""Brings stored values back to what the fields of now can hold, so that what is seen is sent."""

import bpy

from .calls import CALLS


def mend(holder: bpy.types.PropertyGroup) -> None:
    """Clamp the numbers of `holder` into their ranges; an item that is gone becomes the default.

    Blender itself shows a stored value as it is where a range has become narrower. Rows of lists
    are mended too.
    """
    for prop in holder.bl_rna.properties:
        if not prop.is_runtime:
            continue
        name = prop.identifier
        if prop.type == "COLLECTION":
            for row in getattr(holder, name):
                mend(row)
        elif not holder.is_property_set(name):
            continue
        elif prop.type == "ENUM" and not getattr(holder, name):
            holder.property_unset(name)
        elif prop.type in ("INT", "FLOAT") and not _is_inside(prop, getattr(holder, name)):
            # What is assigned, Blender clamps.
            setattr(holder, name, getattr(holder, name))


def mend_opened() -> None:
    """Mend the operation that is open: also opened files and undo bring back values of before."""
    call = CALLS.get(bpy.context.window_manager.outboard_opened)
    if call:
        mend(getattr(bpy.context.scene, f"outboard_{call.name}"))


def _is_inside(prop: bpy.types.Property, value: object) -> bool:
    # Matrices have no range.
    if prop.subtype == "MATRIX":
        return True
    values = value if prop.is_array else (value,)
    return all(prop.hard_min <= it <= prop.hard_max for it in values)
