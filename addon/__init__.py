"""Outboard: runs numeric operations on a compute server and brings the results into the scene."""

from .bridge import OutboardError, run

__all__ = ["OutboardError", "register", "run", "unregister"]

# Every module with a `register` and an `unregister` of its own, in the order of registration.
# Filled by `register`, since importing them needs Blender and `run` does not.
MODULES: tuple = ()


def register() -> None:
    """Called by Blender when the extension is enabled."""
    global MODULES
    from .scene import changes, connection, pump
    from .ui import classes

    # The classes come first: the connection reads the preferences, the timer starts at once.
    MODULES = (classes, changes, connection, pump)
    for module in MODULES:
        module.register()


def unregister() -> None:
    """Called by Blender when the extension is disabled."""
    for module in reversed(MODULES):
        module.unregister()
