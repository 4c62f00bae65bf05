"""What only a Blender with a window shows: each is a generator, which yields to Blender's loop."""

import itertools
import os
import time
from collections.abc import Iterator

import bpy
import extension
from made_points import check_transformed, made_points, transform

# Of the second timer, in seconds: as often as Blender's loop goes round.
INTERVAL = 0.001
# How long Blender is left alone before it is watched.
SETTLE = 1.0

_steps = itertools.count(1)


def _wait(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield


def _connect(home: str) -> Iterator[object]:
    """Connect to the server that has this state folder; the extension's own timer does the rest."""
    connection = extension.module("scene.connection")
    if os.environ["OUTBOARD_HOME"] != home:
        connection.disconnect()
        os.environ["OUTBOARD_HOME"] = home
    connection.connect()
    end = time.monotonic() + extension.WITHIN
    while not connection.is_connected():
        assert time.monotonic() < end, connection.client().line
        yield
    return connection.client()


class Watch:
    """A timer of its own, which notes how long it had to wait for its turn."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.last = time.perf_counter()
        # Blender knows a timer by the very object.
        self._timer = self._tick

    def __enter__(self) -> "Watch":
        bpy.app.timers.register(self._timer)
        return self

    def __exit__(self, *_why: object) -> None:
        bpy.app.timers.unregister(self._timer)

    def _tick(self) -> float:
        now = time.perf_counter()
        self.longest, self.last = max(self.longest, now - self.last), now
        return INTERVAL


def longest_gap(home: str, count: int) -> Iterator[None]:
    """The longest that another timer waited while points moved both ways; milliseconds."""
    client = yield from _connect(home)
    points, step = made_points(count), next(_steps)
    params, _, _ = transform(step)
    yield from _wait(SETTLE)
    with Watch() as watch:
        yield
        job = client.run("transform_points", params, {"points": points})
        while not job.done:
            yield
    if job.error is not None:
        raise job.error
    check_transformed(job.result.outputs["points"], count, step)
    return watch.longest * 1000


def longest_idle_gap(seconds: float) -> Iterator[None]:
    """The longest that another timer waited while nothing moved; milliseconds."""
    with Watch() as watch:
        yield from _wait(seconds)
    return watch.longest * 1000


def core_share(home: str, seconds: float, connected: bool) -> Iterator[float | None]:
    """What Blender takes while it is left alone; percent of a core."""
    yield from _connect(home)
    if not connected:
        extension.module("scene.connection").disconnect()
    yield from _wait(SETTLE)
    cpu, begun = time.process_time(), time.perf_counter()
    # In one go: a timer of ours that came often would be measured too.
    yield seconds
    return (time.process_time() - cpu) / (time.perf_counter() - begun) * 100


FUNCTIONS = {it.__name__: it for it in (longest_gap, longest_idle_gap, core_share)}
