"""The lists of the operations on the scene: their usual rows are shown, rows come and go."""

import bpy

from .calls import CALLS


def change(scene: bpy.types.Scene, wanted: object) -> bool:
    """Change a list of `scene`; tells whether there is such a list.

    `wanted` has the `operation` and the `field` of the list, and the `action` and `index` of
    `Rows.change`.
    """
    call = CALLS.get(wanted.operation)
    for rows in call.form.lists if call and call.form else ():
        if rows.leaf.name == wanted.field:
            rows.change(getattr(scene, f"outboard_{call.name}"), wanted.action, wanted.index)
            return True
    return False


def fill_opened() -> None:
    """Let the lists of the operation that is open have their usual rows, to be seen and changed.

    Called by each tick, for new scenes, opened files, undo and reset all take them away.
    """
    call = CALLS.get(bpy.context.window_manager.outboard_opened)
    for rows in call.form.lists if call and call.form else ():
        rows.fill(getattr(bpy.context.scene, f"outboard_{call.name}"))
