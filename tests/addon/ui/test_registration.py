"""Enabling and disabling: everything comes, everything goes, as often as one likes."""

import gc
import sys
from pathlib import Path

import bpy
import pytest
from in_blender import InBlender

import outboard
from outboard.scene import connection, pump
from outboard.scene.calls import CALLS
from outboard.ui import buttons

NAMES = [call.name for call in buttons.BUTTONS]


def traces() -> dict[str, object]:
    """All that an extension can leave behind in Blender."""
    handlers = bpy.app.handlers
    lists = [name for name in dir(handlers) if isinstance(getattr(handlers, name), list)]
    return {
        "classes": sorted(name for name in dir(bpy.types) if name.startswith("OUTBOARD")),
        "operators": sorted(dir(bpy.ops.outboard)),
        "scene": sorted(name for name in dir(bpy.types.Scene) if "outboard" in name),
        "handlers": {name: len(getattr(handlers, name)) for name in lists},
        "timer": bpy.app.timers.is_registered(pump.tick),
    }


def open_sockets() -> int:
    """How many sockets this process has open."""
    found = 0
    for entry in Path("/proc/self/fd").iterdir():
        try:
            found += "socket:" in str(entry.readlink())
        except FileNotFoundError:
            # The one that lists the folder.
            continue
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="counts sockets in /proc, which is Linux's")
def test_ten_times_enabled_and_disabled_leaves_nothing(
    outboard_server: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTBOARD_HOME", str(outboard_server.home))
    before = traces()
    assert not before["classes"]
    sockets = open_sockets()
    for _ in range(10):
        outboard.register()
        assert len(traces()["classes"]) > len(NAMES)
        InBlender().connect()
        assert open_sockets() == sockets + 1
        outboard.unregister()
        assert traces() == before
        gc.collect()
        assert open_sockets() == sockets


def test_disabling_while_a_job_runs_leaves_the_scene_alone(
    outboard_server: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTBOARD_HOME", str(outboard_server.home))
    bpy.ops.wm.read_factory_settings()
    outboard.register()
    blender = InBlender()
    blender.connect()
    job = blender.start("move_cube_random")
    outboard.unregister()
    assert not job.is_unfinished
    assert bpy.data.objects["Cube"].location.length == 0


def test_nothing_starts_by_itself_in_the_background(registered: None) -> None:
    assert not bpy.app.timers.is_registered(pump.tick)
    assert connection.is_off()


def test_every_button_is_an_operator_with_the_panels_fields(listed: None) -> None:
    for call in CALLS.values():
        group = getattr(bpy.context.scene, f"outboard_{call.name}")
        operator = getattr(bpy.ops.outboard, call.name).get_rna_type()
        for name in call.fields:
            shown, redone = group.bl_rna.properties[name], operator.properties[name]
            assert (shown.type, shown.unit, shown.subtype) == (
                redone.type,
                redone.unit,
                redone.subtype,
            )
            assert shown.description


@pytest.mark.parametrize(
    ("button", "field", "unit"),
    [
        ("move_cube_random", "distance", "LENGTH"),
        ("transform_points", "translation", "LENGTH"),
        ("transform_points", "rotation", "ROTATION"),
        ("transform_points", "scale", "NONE"),
        ("transform_points", "pivot", "LENGTH"),
        ("transform_objects", "translation", "LENGTH"),
        ("transform_objects", "random_translation", "LENGTH"),
        ("transform_objects", "random_rotation", "ROTATION"),
    ],
)
def test_fields_have_units(listed: None, button: str, field: str, unit: str) -> None:
    group = getattr(bpy.context.scene, f"outboard_{button}")
    assert group.bl_rna.properties[field].unit == unit


def test_values_are_saved_with_the_scene(listed: None, tmp_path: Path) -> None:
    bpy.context.scene.outboard_move_cube_random.distance = 3.25
    bpy.context.scene.outboard_transform_objects.pivot = "own_origin"
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "saved.blend"))
    bpy.ops.wm.read_factory_settings()
    assert bpy.context.scene.outboard_move_cube_random.distance == 1
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "saved.blend"))
    assert bpy.context.scene.outboard_move_cube_random.distance == 3.25
    assert bpy.context.scene.outboard_transform_objects.pivot == "own_origin"


def test_preferences_lead_to_another_machine(
    registered: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OUTBOARD_HOME", str(tmp_path))
    assert connection.servers() == []
    addon = bpy.context.preferences.addons.new()
    addon.module = "outboard"
    try:
        assert addon.preferences.connect_at_start
        addon.preferences.address = " wss://elsewhere:8470/ws "
        addon.preferences.token = "secret"
        (server,) = connection.servers()
        assert (server.url, server.token) == ("wss://elsewhere:8470/ws", "secret")
        token = addon.preferences.bl_rna.properties["token"]
        assert token.subtype == "PASSWORD"
    finally:
        bpy.context.preferences.addons.remove(addon)
