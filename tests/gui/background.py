"""Inside a Blender without a window: connects the installed extension to the server."""

import importlib
import time

PACKAGE = "bl_ext.user_default.outboard.scene"
CONNECTED_WITHIN = 60.0


def connect() -> None:
    """Connect to the server that OUTBOARD_HOME leads to, and take its catalogue."""
    connection, pump, calls = (
        importlib.import_module(f"{PACKAGE}.{it}") for it in ("connection", "pump", "calls")
    )
    connection.connect()
    end = time.monotonic() + CONNECTED_WITHIN
    while "transform_points" not in calls.CALLS:
        assert time.monotonic() < end, connection.client().line
        # In the background nothing calls the timer's function.
        pump.tick()
        connection.client().sleep(0.01)


def note(name: str) -> str:
    """Tell what the panel says of the last run of an operation."""
    return importlib.import_module(f"{PACKAGE}.jobs").notes[name].line
