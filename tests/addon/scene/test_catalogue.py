"""The catalogue on this side: asked for when it changes, remembered, and never in the way."""

import copy
import json
from pathlib import Path

import bpy
import pytest
from in_blender import InBlender

import outboard
from outboard.scene import catalogue, connection, offers, pump
from outboard.scene.calls import CALLS
from outboard.scene.subjects import quoted

OPERATION = """import {{ defineOperation, z }} from "outboard";
export default defineOperation({{
  title: "Lift", description: "Lifts points", category: "Tests",
  params: z.strictObject({{ height: z.number().min(0).max({most}).default(1) }}),
  inputs: {{
    points: {{ kind: "points", dtype: "float32", shape: ["n", 3], source: "mesh.points" }},
  }},
  outputs: {{
    points: {{ kind: "points", dtype: "float32", shape: ["n", 3], target: "mesh.points" }},
  }},
  run({{ allocate, inputs, params }}) {{
    const out = allocate("points").data;
    out.set(inputs.points.data);
    for (let i = 2; i < out.length; i += 3) out[i]! += params.height;
  }},
}});
"""


def entry(told: dict, name: str) -> dict:
    return next(it for it in told["operations"] if it["name"] == name)


def test_it_is_asked_for_after_connecting_and_again_when_a_file_is_saved(
    registered: None, start_server: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "operations"
    folder.mkdir()
    server = start_server("--operations", str(folder))
    monkeypatch.setenv("OUTBOARD_HOME", str(server.home))
    blender = InBlender()
    blender.connect()
    assert "lift" not in CALLS
    file = folder / "lift.ts"
    file.write_text(OPERATION.format(most=5))
    blender.tick_until(lambda: "lift" in CALLS)
    fields = bpy.context.scene.outboard_lift
    fields.height = 4
    file.write_text(OPERATION.format(most=9))
    blender.tick_until(lambda: fields_of("lift").bl_rna.properties["height"].hard_max == 9)
    assert fields_of("lift").height == 4
    file.write_text("export default 5;\n")
    blender.tick_until(lambda: bool(catalogue.current().failures))
    assert "lift" in CALLS
    assert catalogue.current().failures[0]["kept"]
    file.unlink()
    blender.tick_until(lambda: "lift" not in CALLS)
    assert catalogue.current().failures == []
    assert not hasattr(bpy.types.Scene, "outboard_lift")


def fields_of(name: str) -> bpy.types.PropertyGroup:
    return getattr(bpy.context.scene, f"outboard_{name}")


def test_it_is_there_before_the_server_the_next_time(
    told: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outboard_server: object
) -> None:
    monkeypatch.setattr(catalogue, "folder", lambda: tmp_path)
    monkeypatch.setenv("OUTBOARD_HOME", str(outboard_server.home))
    bpy.ops.wm.read_factory_settings()
    outboard.register()
    assert "transform_points" not in CALLS
    InBlender().connect()
    outboard.unregister()
    assert not CALLS
    outboard.register()
    assert connection.is_off()
    assert "transform_points" in CALLS
    assert catalogue.current().revision == told["revision"]
    outboard.unregister()


@pytest.mark.parametrize("text", ["", "[]", '{"operations": [5, {}, {"name": 3}]}', "{"])
def test_a_broken_file_is_as_good_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (tmp_path / catalogue.FILE).write_text(text)
    monkeypatch.setattr(catalogue, "folder", lambda: tmp_path)
    outboard.register()
    assert catalogue.current().operations == []
    outboard.unregister()


def test_without_an_installed_extension_nothing_is_remembered(registered: None) -> None:
    assert catalogue.folder() is None


def offered(told: dict, name: str, /, **changes: object) -> offers.Offer:
    changed = {**copy.deepcopy(entry(told, name)), **changes}
    catalogue.take({"revision": json.dumps(changes), "operations": [changed]})
    return next(offers.make(*it) for it in offers.entries().items())


def test_what_cannot_be_run_from_here_says_why(registered: None, told: dict) -> None:
    points = entry(told, "transform_points")
    inputs, outputs = points["inputs"]["points"], points["outputs"]["points"]
    cases = {
        f"{quoted('points')} comes from {quoted('elsewhere')}, which is not known here": {
            "inputs": {"points": {**inputs, "source": "elsewhere"}}
        },
        f"{quoted('other')} does not say where in the scene it comes from": {
            "inputs": {"other": {"kind": "points"}}
        },
        f"{quoted('points')} goes to {quoted('nowhere')}, which is not known here": {
            "outputs": {"points": {**outputs, "target": "nowhere"}}
        },
        "It does not say where in the scene its results go": {"outputs": {"points": {}}},
        "Start the server with --allow-net=example.org": {"missing": ["--allow-net=example.org"]},
        "Its description cannot be understood": {"params": 5},
    }
    for why, changes in cases.items():
        offer = offered(told, "transform_points", **changes)
        assert offer.call is None
        assert why in offer.why
    pump.tick()
    assert "transform_points" not in CALLS


def test_a_name_of_the_extensions_own_is_evaded(registered: None, told: dict) -> None:
    offer = offered(told, "transform_points", name="connect")
    assert (offer.call.name, offer.call.operation) == ("connect_operation", "connect")


def test_an_optional_input_without_a_source_is_left_out(listed: None) -> None:
    call = CALLS["transform_points"]
    values = call.values(bpy.context.scene.outboard_transform_points)
    assert call.sources_for(values) == call.sources_for({}) == {"points": "mesh.points"}
