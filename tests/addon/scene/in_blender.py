"""Fixtures for tests inside Blender: the extension registered, connected, in a fresh scene."""

import time
from collections.abc import Callable, Iterator

import bpy
import numpy as np
import pytest

import outboard
from outboard.bridge import Client
from outboard.bridge import State as Link
from outboard.scene import catalogue, connection, jobs, pump, run, sources, targets
from outboard.scene.calls import CALLS, Call
from outboard.scene.scope import Scope


class InBlender:
    """The extension as a test drives it: ticks by hand, jobs started as the panel starts them."""

    def tick_until(self, condition: Callable[[], bool], timeout: float = 20.0) -> None:
        """Let the timer's function run until something is so."""
        end = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > end:
                said = {name: note.line for name, note in jobs.notes.items()}
                pytest.fail(f"not within {timeout} s: {connection.client().line}; {said}")
            pump.tick()
            connection.client().sleep(0.005)

    def connect(self) -> None:
        """Connect to the server that OUTBOARD_HOME leads to."""
        bpy.ops.outboard.connect()
        self.tick_until(lambda: connection.is_connected() and "transform_points" in CALLS)

    def start(self, name: str, **values: object) -> jobs.Job:
        """Start a job as the button does, without waiting for anything."""
        call = CALLS[name]
        fields = getattr(bpy.context.scene, f"outboard_{name}")
        for field, value in values.items():
            setattr(fields, field, value)
        used = call.values(fields)
        return run.start(call, used)

    def finish(self, job: jobs.Job) -> jobs.Job:
        """Tick until a job is applied, failed or cancelled."""
        self.tick_until(lambda: not job.is_unfinished)
        return job

    def note(self, name: str) -> str:
        """What the panel says under a button."""
        return jobs.notes[name].line if name in jobs.notes else ""


@pytest.fixture
def registered() -> Iterator[None]:
    """The extension, registered in a new scene with Cube, Camera and Light."""
    bpy.ops.wm.read_factory_settings()
    bpy.ops.ed.undo_push(message="Original")
    outboard.register()
    yield
    outboard.unregister()


@pytest.fixture(scope="session")
def told(outboard_server: object) -> dict:
    """What the real server answers to `operations.list`."""
    client = Client(outboard_server.find, client_version="0.1.0")
    client.connect()
    end = time.monotonic() + 20
    while client.state is not Link.CONNECTED and time.monotonic() < end:
        client.pump()
        client.sleep(0.01)
    listed = client.request("operations.list")
    assert client.wait(listed, 20)
    client.close_now()
    return listed.result


@pytest.fixture
def listed(registered: None, told: dict) -> None:
    """The extension, registered, with a catalogue that it remembers but without a server."""
    catalogue.take(told)
    pump.tick()
    assert "transform_points" in CALLS


@pytest.fixture
def blender(
    registered: None, outboard_server: object, monkeypatch: pytest.MonkeyPatch
) -> InBlender:
    """The extension, registered and connected to a real server."""
    monkeypatch.setenv("OUTBOARD_HOME", str(outboard_server.home))
    driver = InBlender()
    driver.connect()
    return driver


def make_grid(rows: int, columns: int, name: str = "Grid") -> bpy.types.Object:
    """Make a grid, the active object, and an undo step to go back to."""
    bpy.ops.mesh.primitive_grid_add(x_subdivisions=columns - 1, y_subdivisions=rows - 1)
    bpy.context.object.name = name
    bpy.ops.ed.undo_push(message="Grid")
    return bpy.context.object


def positions(ob: bpy.types.Object) -> np.ndarray:
    """Read an object's vertices the plain way."""
    flat = np.empty(len(ob.data.vertices) * 3, np.float32)
    ob.data.vertices.foreach_get("co", flat)
    return flat.reshape(-1, 3)


def euler_matrix(euler: tuple[float, float, float]) -> np.ndarray:
    """Turn about X, then Y, then Z, in float64 and without Blender."""
    (cx, cy, cz), (sx, sy, sz) = np.cos(euler), np.sin(euler)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


def scope_of(
    sources: dict[str, str] | None = None,
    targets: dict[str, str] | None = None,
    optional: frozenset[str] = frozenset(),
    **values: object,
) -> Scope:
    """The scope of a button of these sources and targets, whose title is Thing."""
    call = Call(
        name="thing",
        title="Thing",
        description="",
        icon="NONE",
        operation="thing",
        sources=sources or {},
        targets=targets or {},
        fields={},
        params=dict,
        optional=optional,
    )
    return Scope(call, values)


def read(name: str, **values: object) -> np.ndarray:
    """Read one source."""
    return sources.read(scope_of({"array": name}, **values))["array"]


def write(outputs: dict[str, tuple[str, np.ndarray]], reads: str = "", **values: object) -> str:
    """Write outputs, each a target's name and an array, beside what `reads` was read from."""
    scope = scope_of(
        {"read": reads} if reads else {}, {name: it[0] for name, it in outputs.items()}, **values
    )
    sources.pick(scope)
    targets.check_ready(scope)
    return targets.write(scope, {name: np.asarray(it[1]) for name, it in outputs.items()})


def activate(ob: bpy.types.Object) -> bpy.types.Object:
    """Make `ob` the active object and the only one that is selected."""
    for other in bpy.context.view_layer.objects:
        other.select_set(other == ob)
    bpy.context.view_layer.objects.active = ob
    return ob


def add(name: str, data: bpy.types.ID | None) -> bpy.types.Object:
    """Add an object and make it the active one."""
    ob = bpy.data.objects.new(name, data)
    bpy.context.collection.objects.link(ob)
    return activate(ob)


def everything() -> dict[str, object]:
    """All there is in the scene that a target could change, to be compared."""
    state: dict[str, object] = {}
    for mesh in bpy.data.meshes:
        state[f"mesh {mesh.name}"] = [
            *(tuple(vertex.co) for vertex in mesh.vertices),
            *((it.name, it.data_type, it.domain) for it in mesh.attributes),
        ]
    for ob in bpy.data.objects:
        state[f"object {ob.name}"] = [tuple(row) for row in ob.matrix_basis]
    for kind in ("collections", "node_groups", "shape_keys"):
        state[kind] = sorted(it.name for it in getattr(bpy.data, kind))
    return state
