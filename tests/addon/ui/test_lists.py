"""Lists of objects: rows come and go within their limits, are undone, kept and sent."""

import shutil
from collections.abc import Callable
from pathlib import Path

import bpy
import pytest
from in_blender import InBlender, make_grid, positions
from shown_catalogue import points, show

from outboard.bridge import OutboardError
from outboard.scene import lists, presets, pump, refusals
from outboard.scene.calls import CALLS
from outboard.scene.form import BadField
from outboard.scene.jobs import State
from outboard.ui import fields

OPERATIONS = Path(__file__).parents[2] / "gui" / "operations"
ROW = {
    "type": "object",
    "properties": {
        "size": {"type": "number", "default": 1},
        "kind": {"type": "string", "enum": ["a", "b"], "default": "a"},
        "places": {"type": "array", "items": {"type": "number"}, "default": [1]},
    },
}
STOPS = {
    "type": "array",
    "items": ROW,
    "maxItems": 3,
    "default": [{"size": 2, "kind": "b"}, {"size": 3}],
}
USUAL = [
    {"size": 2, "kind": "b", "places": [1]},
    {"size": 3, "kind": "a", "places": [1]},
]


def held() -> bpy.types.PropertyGroup:
    return bpy.context.scene.outboard_transform_points


def sent() -> list[dict]:
    call = CALLS["transform_points"]
    return call.params_for(call.values(held()))["stops"]


def change(action: str, index: int = -1) -> None:
    bpy.ops.outboard.change_rows(
        operation="transform_points", field="stops", action=action, index=index
    )


@pytest.fixture
def shown(registered: None, told: dict) -> Callable[..., None]:
    """Show the operation with a list, whose schema may be changed."""

    def show_it(**changes: object) -> None:
        show(points(told, stops={**STOPS, **changes}))

    show_it()
    return show_it


def test_the_usual_rows_are_sent_and_shown(shown: Callable) -> None:
    assert sent() == USUAL
    assert not len(held().stops)
    lists.fill_opened()
    assert not len(held().stops)
    held().is_open = True
    pump.tick()
    assert [row.size for row in held().stops] == [2, 3]
    assert sent() == USUAL


def test_rows_come_and_go_within_the_limits(shown: Callable) -> None:
    change("ADD")
    change("ADD")
    assert [row["size"] for row in sent()] == [2, 3, 1]
    change("UP", 2)
    change("DOWN", 0)
    change("DOWN", 2)
    assert [row["size"] for row in sent()] == [1, 2, 3]
    for _ in range(4):
        change("REMOVE", 0)
    assert sent() == []
    held().is_open = True
    pump.tick()
    assert not len(held().stops), "a list that was emptied stays empty"
    bpy.ops.outboard.reset_fields(operation="transform_points")
    assert sent() == USUAL
    shown(minItems=1)
    for _ in range(4):
        change("REMOVE", 0)
    assert len(sent()) == 1


def test_rows_are_undone_with_the_scene(shown: Callable) -> None:
    held().is_open = True
    pump.tick()
    bpy.ops.ed.undo_push(message="Before")
    change("ADD")
    bpy.ops.ed.undo_push(message="Add")
    assert len(held().stops) == 3
    bpy.ops.ed.undo()
    assert len(held().stops) == 2


def test_values_of_the_same_names_survive_a_change(shown: Callable) -> None:
    change("ADD")
    held().stops[2].size, held().stops[2].kind = 7, "b"
    kind = {"type": "string", "enum": ["a", "c"], "default": "c"}
    properties = {"size": ROW["properties"]["size"], "kind": kind, "more": {"type": "boolean"}}
    shown(items={"type": "object", "properties": properties}, default=[])
    assert [row.size for row in held().stops] == [2, 3, 7]
    assert [row.kind for row in held().stops] == ["c", "a", "c"]
    assert not hasattr(held().stops[0], "places")


@pytest.mark.parametrize(
    "other",
    [{"type": "number", "default": 1}, {"type": "string", "default": "text"},
     {"type": "array", "items": {"type": "number"}, "default": [1]}],
)  # fmt: skip
def test_another_type_under_the_same_name_starts_from_its_default(
    shown: Callable, told: dict, other: dict
) -> None:
    change("ADD")
    show(points(told, stops=other))
    assert sent() == other["default"]
    show(points(told, stops=STOPS))
    assert len(sent()) in (2, 3)


def test_what_is_wrong_in_a_row_is_said_with_its_number(shown: Callable) -> None:
    change("ADD")
    held().stops[1].places = "[1, 2"
    with pytest.raises(BadField, match="Stops 2: Places must be written as JSON") as bad:
        sent()
    assert bad.value.names == {"stops[1].places"}


def test_what_the_server_refuses_in_a_row_marks_that_field(shown: Callable) -> None:
    change("ADD")
    call = CALLS["transform_points"]
    for path, line, mark in (
        ("stops.2.size", "Stops 3: Size must be a number, got true", "stops[2].size"),
        ("stops.7.size", "Stops must be a number, got true", "stops"),
        ("stops", "Stops must be a number, got true", "stops"),
    ):
        issue = {"path": path, "wanted": "a number", "came": True}
        error = OutboardError("INVALID_PARAMS", "No", {"issues": [issue]})
        assert refusals.explain(call, call.values(held()), error) == (line, {mark})
    marked = fields.Drawing(held(), marked=frozenset({"stops[1].size"}), button=call.name)
    alerts = Alerts()
    marked.rows(alerts, call.form.lists[0])
    assert alerts.found == [(held().stops[1].path_from_id(), "size")]


class Alerts:
    """Stands in for Blender's layout and notes which fields are marked."""

    def __init__(self, found: list[tuple[str, str]] | None = None) -> None:
        self.found = [] if found is None else found
        self.alert = False

    def __getattr__(self, _name: str) -> object:
        return lambda *_args, **_keywords: Alerts(self.found)

    def prop(self, holder: bpy.types.PropertyGroup, name: str, **_keywords: object) -> None:
        if self.alert:
            self.found.append((holder.path_from_id(), name))


def test_a_preset_keeps_the_rows(shown: Callable, tmp_path: Path) -> None:
    call, path = CALLS["transform_points"], tmp_path / "preset.py"
    change("ADD")
    held().stops[0].size = 9
    wanted = sent()
    presets.write(path, call.values(held()))
    change("ADD")
    change("REMOVE", 0)
    presets.read(path, held())
    assert sent() == wanted


def test_an_operation_with_every_kind_of_field_runs(
    registered: None,
    start_server: Callable,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "operations"
    shutil.copytree(OPERATIONS, folder)
    server = start_server("--operations", str(folder))
    monkeypatch.setenv("OUTBOARD_HOME", str(server.home))
    blender = InBlender()
    blender.connect()
    call = CALLS["every_field"]
    fields = bpy.context.scene.outboard_every_field
    grid = make_grid(4, 4)
    for empty in (False, True):
        if empty:
            for _ in range(2):
                call.form.lists[0].change(fields, "REMOVE", 0)
        job = blender.finish(blender.start("every_field", height=2, use_limit=True))
        assert job.state is State.APPLIED, job.line
        assert job.values == call.values(bpy.context.window_manager.operators[-1])
    assert (positions(grid)[:, 2] == 4).all()
    values = call.values(fields)
    path = tmp_path / "preset.py"
    presets.write(path, values)
    bpy.ops.outboard.reset_fields(operation="every_field")
    assert call.values(fields) != values
    presets.read(path, fields)
    assert call.values(fields) == values
