"""Outboard: runs numeric operations on a compute server and brings the results into the scene."""

from .bridge import OutboardError, run

try:
    import bpy
except ModuleNotFoundError:
    # Plain Python: `run` works without Blender.
    bpy = None

if bpy is None:
    MODULES = ()
else:
    from .scene import catalogue, changes, connection, pump
    from .ui import classes

    # In the order of registration: classes are made of the catalogue; the connection reads the
    # preferences, a class; the timer, last, uses all of them.
    MODULES = (catalogue, classes, changes, connection, pump)

__all__ = ["MODULES", "OutboardError", "register", "run", "unregister"]


def register() -> None:
    """Start everything; called by Blender when the extension is enabled."""
    for module in MODULES:
        module.register()


def unregister() -> None:
    """Undo what `register` did; called by Blender when the extension is disabled."""
    for module in reversed(MODULES):
        module.unregister()
