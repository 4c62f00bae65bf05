"""The operators: what they say without a connection, and what a press and a script do."""

import time

import bpy
import numpy as np
import pytest
from in_blender import InBlender, make_grid, positions

from outboard.bridge import State as Link
from outboard.scene import connection, jobs, run
from outboard.scene.calls import CALLS
from outboard.scene.jobs import State


class Pressed:
    """Stands in for the operator of a button that is pressed, which a test cannot make."""

    def __init__(self, name: str, **given: object) -> None:
        self.reports: list[str] = []
        self.properties = self
        self.given = given
        for field, prop in CALLS[name].fields.items():
            setattr(self, field, given.get(field, prop.keywords.get("default", 0)))

    def is_property_set(self, field: str) -> bool:
        return field in self.given

    def report(self, _kind: set[str], text: str) -> None:
        self.reports.append(text)


def press(name: str, **given: object) -> list[str]:
    pressed = Pressed(name, **given)
    assert run.press(CALLS[name], pressed, bpy.context) == {"CANCELLED"}
    return pressed.reports


BUTTONS = ["test_call_server", "move_cube_random", "transform_points", "transform_objects"]


@pytest.mark.parametrize("name", BUTTONS)
def test_buttons_are_greyed_out_with_a_reason_without_a_server(listed: None, name: str) -> None:
    operator = getattr(bpy.ops.outboard, name)
    assert not operator.poll()
    with pytest.raises(RuntimeError, match="Not connected to a server: press Connect"):
        operator()


def test_connect_says_what_to_do_where_there_is_no_server(
    registered: None, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTBOARD_HOME", str(tmp_path))
    blender = InBlender()
    assert "press Connect" in connection.client().line
    bpy.ops.outboard.connect()
    blender.tick_until(lambda: "No Outboard server found" in connection.client().line)
    assert not connection.is_off()
    bpy.ops.outboard.disconnect()
    assert connection.is_off()


def test_it_connects_by_itself_to_a_server_that_starts_later(
    registered: None, start_server: object, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTBOARD_HOME", str(tmp_path / "server"))
    blender = InBlender()
    bpy.ops.outboard.connect()
    blender.tick_until(lambda: connection.client().state is Link.SEARCHING)
    start_server(home=tmp_path / "server")
    blender.tick_until(connection.is_connected)


def test_test_call_is_printed_by_the_server_and_answered(
    blender: InBlender, outboard_server: object
) -> None:
    bpy.ops.outboard.test_call_server()
    blender.tick_until(lambda: " ms" in blender.note("test_call_server"))
    note = blender.note("test_call_server")
    text = f"Hello from {connection.name()}"
    assert text in note
    assert f"server {outboard_server.version}" in note
    blender.tick_until(lambda: any(text in line for line in outboard_server.lines))


def test_test_call_says_so_when_the_connection_ends(blender: InBlender) -> None:
    bpy.ops.outboard.test_call_server()
    bpy.ops.outboard.disconnect()
    blender.tick_until(lambda: jobs.notes["test_call_server"].is_error)
    assert "Disconnected" in blender.note("test_call_server")


def test_a_press_takes_the_panels_values(blender: InBlender) -> None:
    bpy.context.scene.outboard_move_cube_random.distance = 4
    assert press("move_cube_random") == []
    blender.tick_until(lambda: bpy.data.objects["Cube"].location.length > 0)
    assert bpy.data.objects["Cube"].location.length == pytest.approx(4, abs=1e-5)


def test_a_press_takes_values_given_by_a_shortcut_before_the_panels(blender: InBlender) -> None:
    assert press("move_cube_random", distance=6.0, seed=3) == []
    blender.tick_until(lambda: bpy.data.objects["Cube"].location.length > 0)
    assert bpy.data.objects["Cube"].location.length == pytest.approx(6, abs=1e-5)


def test_every_press_draws_anew(blender: InBlender) -> None:
    places = []
    for _ in range(3):
        bpy.data.objects["Cube"].location = (0, 0, 0)
        press("move_cube_random")
        blender.tick_until(lambda: not jobs.unfinished())
        places.append(tuple(bpy.data.objects["Cube"].location))
    assert len(set(places)) == 3


def test_the_same_seed_gives_the_same_vector(blender: InBlender) -> None:
    places = []
    for distance in (1, 1, 2):
        bpy.data.objects["Cube"].location = (0, 0, 0)
        bpy.ops.outboard.move_cube_random(distance=distance, seed=11)
        places.append(np.array(bpy.data.objects["Cube"].location))
    np.testing.assert_array_equal(places[0], places[1])
    np.testing.assert_allclose(places[2], places[0] * 2, rtol=1e-6)


def test_a_second_press_while_the_first_runs_is_refused(blender: InBlender) -> None:
    make_grid(200, 200)
    assert press("transform_points") == []
    assert press("transform_points") == ["Transform Mesh is still running"]
    blender.tick_until(lambda: not jobs.unfinished())


def test_a_press_on_nothing_useful_says_why(blender: InBlender) -> None:
    bpy.context.view_layer.objects.active = bpy.data.objects["Light"]
    (reason,) = press("transform_points")
    assert reason == "The active object is not a mesh: click on a mesh object first"
    assert blender.note("transform_points") == reason


def test_a_script_in_the_background_gets_its_result_at_once(blender: InBlender) -> None:
    before = positions(make_grid(100, 100))
    assert bpy.ops.outboard.transform_points(translation=(1, 2, 3)) == {"FINISHED"}
    np.testing.assert_allclose(
        positions(bpy.context.object), before + np.array((1, 2, 3)), atol=1e-6
    )


def test_cancelling_everything_takes_no_name(blender: InBlender) -> None:
    make_grid(200, 200)
    job = blender.start("transform_points")
    other = blender.start("move_cube_random")
    bpy.ops.outboard.cancel_job()
    assert (job.state, other.state) == (State.CANCELLED, State.CANCELLED)


def test_no_tick_takes_long_while_twelve_megabytes_travel(blender: InBlender) -> None:
    make_grid(1000, 1000)
    job = blender.start("transform_points", translation=(0, 0, 1))
    longest = 0.0
    while job.state is State.RUNNING:
        start = time.perf_counter()
        connection.client().pump(0.008)
        longest = max(longest, time.perf_counter() - start)
    assert longest < 0.1, f"a tick took {longest * 1000:.0f} ms"
    assert blender.finish(job).state is State.APPLIED
