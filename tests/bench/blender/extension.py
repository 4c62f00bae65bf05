"""The extension as it is installed in this Blender, connected to the server of this run."""

import importlib
import sys
import time

PACKAGE = "bl_ext.user_default.outboard"
WITHIN = 120.0


def module(name: str) -> object:
    """One of the extension's own modules."""
    return importlib.import_module(f"{PACKAGE}.{name}")


def import_time() -> float:
    """Import the package anew, compiled files cached; milliseconds."""
    sys.dont_write_bytecode = False
    own = (PACKAGE, "websockets")
    before = {name: it for name, it in sys.modules.items() if name.startswith(own)}
    for name in before:
        del sys.modules[name]
    begun = time.perf_counter()
    imported = importlib.import_module(PACKAGE)
    ms = (time.perf_counter() - begun) * 1000
    assert imported.MODULES
    # Those that are registered go on; the new ones are forgotten.
    for name in [name for name in sys.modules if name.startswith(own)]:
        del sys.modules[name]
    sys.modules.update(before)
    return ms


def connect() -> None:
    """Connect, and wait until every button is there."""
    connection, calls, pump = (module(f"scene.{it}") for it in ("connection", "calls", "pump"))
    connection.connect()
    end = time.monotonic() + WITHIN
    while not (connection.is_connected() and "transform_points" in calls.CALLS):
        assert time.monotonic() < end, connection.client().line
        pump.tick()
        connection.client().sleep(0.01)


def run(name: str, **fields: object) -> float:
    """Read from the scene, send, wait, write into the scene, as a button does; milliseconds."""
    run, apply, jobs, calls, connection = (
        module(f"scene.{it}") for it in ("run", "apply", "jobs", "calls", "connection")
    )
    call = calls.CALLS[name]
    begun = time.perf_counter()
    job = run.start(call, {**_defaults(call), **fields})
    connection.client().wait(job.request, WITHIN)
    assert job.state is jobs.State.READY, job.line
    line = apply.apply(call, job)
    ms = (time.perf_counter() - begun) * 1000
    # Lets the arrays go.
    jobs.applied(job, line)
    return ms


def _defaults(call: object) -> dict[str, object]:
    import bpy  # noqa: PLC0415 - this file is also read where there is no Blender

    return call.values(getattr(bpy.context.scene, f"outboard_{call.name}"))
