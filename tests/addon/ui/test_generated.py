"""Operators and fields made of the catalogue: registered anew only where something changed."""

import time
from types import SimpleNamespace

import bpy
import pytest
from in_blender import InBlender, make_grid
from shown_catalogue import entry, points, show

from outboard.scene import catalogue, jobs, pump
from outboard.scene.calls import CALLS
from outboard.ui import fields, generated, operations_panel, panel

MANY = 200


def held() -> bpy.types.PropertyGroup:
    return bpy.context.scene.outboard_transform_points


def test_values_of_the_same_names_survive_a_change(registered: None, told: dict) -> None:
    size = {"type": "number", "default": 1}
    kind = {"type": "string", "enum": ["b", "c"], "default": "b"}
    show(points(told, size=size, kind=kind, gone={"type": "boolean", "default": False}))
    held().size, held().kind = 2.5, "c"
    kind["enum"] = ["a", "b", "c"]
    show(points(told, size={**size, "maximum": 2}, kind=kind, new={"type": "integer"}))
    assert (held().size, held().kind) == (2, "c")
    assert held().bl_rna.properties["size"].hard_max == 2
    assert not hasattr(held(), "gone")
    assert CALLS["transform_points"].params(CALLS["transform_points"].values(held())) == {
        "size": 2,
        "kind": "c",
    }


def test_a_chosen_item_that_is_gone_gives_way_to_the_default(registered: None, told: dict) -> None:
    kind = {"type": "string", "enum": ["a", "b"], "default": "a"}
    show(points(told, kind=kind))
    held().kind = "b"
    show(points(told, kind={**kind, "enum": ["a", "c"]}))
    assert held().kind == "a"


def test_numbers_come_into_a_range_that_became_narrower(registered: None, told: dict) -> None:
    pair = {"type": "array", "minItems": 2, "maxItems": 2}
    wide = {"size": {"type": "number"}, "count": {"type": "integer"}, "same": {"type": "number"},
            "pair": {**pair, "items": {"type": "number"}}}  # fmt: skip
    show(points(told, **{key: {**it, "default": 0} for key, it in wide.items() if key != "pair"},
                pair={**wide["pair"], "default": [0, 0]}))  # fmt: skip
    held().size, held().count, held().same, held().pair = 30, 30, 3, (30, 3)
    narrow = {"minimum": 0, "maximum": 11, "default": 1}
    numbers = {key: {**wide[key], **narrow} for key in ("size", "count", "same")}
    limits = {"type": "number", "minimum": 0, "maximum": 11}
    show(points(told, **numbers, pair={**pair, "items": limits, "default": [1, 1]}))
    assert (held().size, held().count, held().same, tuple(held().pair)) == (11, 11, 3, (11, 3))
    call = CALLS["transform_points"]
    sent = {"size": 11, "count": 11, "same": 3, "pair": [11, 3]}
    assert call.params_for(call.values(held())) == sent
    bpy.ops.outboard.reset_fields(operation="transform_points")
    assert (held().size, held().count) == (1, 1)


def test_what_undo_brings_back_is_clamped_too(registered: None, told: dict) -> None:
    size = {"type": "number", "default": 1}
    show(points(told, size=size))
    held().size = 30
    bpy.ops.ed.undo_push(message="Wide")
    show(points(told, size={**size, "maximum": 11}))
    held().is_open = True
    held().size = 5
    bpy.ops.ed.undo_push(message="Narrow")
    bpy.ops.ed.undo()
    assert held().size == 30
    pump.tick()
    assert held().size == 11


def test_an_error_goes_with_the_file_that_it_was_about(registered: None, told: dict) -> None:
    jobs.notes.update(
        transform_points=jobs.Note("Failed", is_error=True), move_cube_random=jobs.Note("Moved")
    )
    catalogue._answered(told, None)
    assert list(jobs.notes) == ["move_cube_random"]


def test_another_type_under_the_same_name_starts_from_its_default(
    registered: None, told: dict
) -> None:
    show(points(told, x={"type": "number", "default": 1}))
    held().x = 5
    for about in (
        {"type": "string", "default": "text"},
        {"type": "boolean", "default": True},
        {"type": "string", "enum": ["a", "b"], "default": "b"},
        {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3},
        {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    ):
        show({**points(told, x={"default": [0, 0, 0][: about.get("maxItems")], **about})})
        values = CALLS["transform_points"].values(held())
        CALLS["transform_points"].params(values)


def test_only_what_changed_is_registered_anew(registered: None, told: dict) -> None:
    objects = entry(told, "transform_objects")
    show(points(told, x={"type": "number"}), objects)
    before = dict(CALLS)
    show(points(told, y={"type": "number"}), objects)
    assert CALLS["transform_objects"] is before["transform_objects"]
    assert CALLS["transform_points"] is not before["transform_points"]
    show(objects)
    assert "transform_points" not in CALLS
    assert not hasattr(bpy.types, "OUTBOARD_OT_transform_points")
    assert not hasattr(bpy.types, "OUTBOARD_PG_transform_points")


def test_a_running_operation_keeps_its_fields_until_it_is_done(
    blender: InBlender, told: dict
) -> None:
    make_grid(4, 4)
    job = blender.start("transform_points", translation=(0, 0, 1))
    old = CALLS["transform_points"]
    changed = entry(told, "transform_points")
    changed["title"] = "Another title"
    catalogue.take({**told, "operations": [changed]})
    catalogue.advance()
    assert CALLS["transform_points"] is old
    blender.finish(job)
    assert job.state is jobs.State.APPLIED
    pump.tick()
    assert CALLS["transform_points"].title == "Another title"


def test_a_class_that_is_on_the_screen_goes_with_the_next_tick(
    listed: None, told: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Windowed:
        background = False

    changed = entry(told, "transform_points")
    changed["title"] = "Another title"
    catalogue.take({**told, "operations": [changed]})
    monkeypatch.setattr(generated.bpy, "app", Windowed)
    catalogue.advance()
    assert "transform_points" in CALLS
    assert all(generated.is_leaving(offer) for offer in generated.shown())
    drawn: list[str] = []
    bpy.context.window_manager.outboard_search = "transform mesh"
    layout = Layout(drawn)
    operations_panel.OUTBOARD_PT_operations.draw(SimpleNamespace(layout=layout), bpy.context)
    assert layout.labels[-1] == "Transform Mesh"
    assert drawn == ["outboard_search"]
    catalogue.advance()
    catalogue.advance()
    assert [offer.title for offer in generated.shown()] == ["Another title"]


def test_what_blender_refuses_is_listed_with_a_reason(
    registered: None, told: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_call: object) -> None:
        raise RuntimeError("refused")

    monkeypatch.setattr(generated.operators, "operator_class", refuse)
    show(entry(told, "transform_points"))
    assert "transform_points" not in CALLS
    assert "Blender cannot show" in generated.shown()[0].why
    assert not hasattr(bpy.types, "OUTBOARD_PG_transform_points")


def test_two_hundred_operations_register_in_a_blink(registered: None, told: dict) -> None:
    model = entry(told, "transform_objects")
    many = [{**model, "name": f"many_{index}"} for index in range(MANY)]
    start = time.process_time()
    show(*many)
    took = time.process_time() - start
    print(f"{MANY} operations: {took * 1000:.0f} ms")
    assert len(CALLS) == MANY + 1
    assert took < 1.0
    start = time.process_time()
    show(*many[1:])
    assert time.process_time() - start < 0.2


def test_reset_sets_every_field_to_its_default(listed: None) -> None:
    held().translation, held().scale = (1, 2, 3), (4, 4, 4)
    assert bpy.ops.outboard.reset_fields(operation="transform_points") == {"FINISHED"}
    assert (tuple(held().translation), tuple(held().scale)) == ((0, 0, 0), (1, 1, 1))
    assert bpy.ops.outboard.reset_fields(operation="no_such") == {"CANCELLED"}


def test_one_operation_is_open_at_a_time(listed: None) -> None:
    objects = bpy.context.scene.outboard_transform_objects
    held().is_open = True
    assert not objects.is_open
    objects.is_open = True
    assert not held().is_open
    objects.is_open = False
    assert bpy.context.window_manager.outboard_opened == ""


def test_the_search_finds_words_in_any_order(listed: None) -> None:
    offers = {offer.entry["name"]: offer for offer in generated.shown()}
    fits = operations_panel._fits
    assert fits(offers["transform_points"], ["points", "trans"])
    assert fits(offers["transform_points"], [])
    assert not fits(offers["transform_points"], ["objects"])


def test_the_only_hit_of_a_search_opens(listed: None) -> None:
    manager = bpy.context.window_manager
    manager.outboard_search = "transform"
    assert manager.outboard_opened == ""
    manager.outboard_search = "transform mesh"
    assert manager.outboard_opened == "transform_points"
    manager.outboard_search = "no such thing"
    assert manager.outboard_opened == "transform_points"


def test_a_file_that_does_not_load_is_told_with_its_line() -> None:
    failure = {"name": "x", "file": "/some/where/x.ts", "line": 3, "reason": "No", "kept": True}
    told = operations_panel._told(failure)
    assert told == "x.ts:3: No (the version before it is still used)"
    assert operations_panel._told({"name": "y", "reason": "No"}) == "y: No"


class Layout:
    """Stands in for Blender's layout and notes what is drawn."""

    def __init__(self, drawn: list[str], labels: list[str] | None = None) -> None:
        self.drawn = drawn
        self.labels = [] if labels is None else labels

    def __getattr__(self, _name: str) -> object:
        return lambda *_args, **_keywords: Layout(self.drawn, self.labels)

    def panel(self, *_args: object, **_keywords: object) -> tuple["Layout", "Layout"]:
        return self, self

    def prop(self, _holder: object, name: str, **_keywords: object) -> None:
        self.drawn.append(name)

    def label(self, text: str, **_keywords: object) -> None:
        self.labels.append(text)


def test_only_the_fields_of_the_chosen_kind_are_drawn(registered: None, told: dict) -> None:
    vectors = entry(told, "random_vectors")["params"]["properties"]
    show(points(told, **vectors, maybe={"type": "object", "properties": {"x": {"const": 5}}}))
    call, drawn = CALLS["transform_points"], []
    held().distribution = "cone"
    fields.draw(Layout(drawn), fields.Drawing(held(), call.drawn), call)
    cone = ["distribution_cone_axis", "distribution_cone_angle"]
    places = ["source_points", "source_matrices", "target_points"]
    assert drawn == ["count", "distribution", *cone, "dtype", "use_maybe", *places]


def test_a_switched_group_is_named_once(registered: None, told: dict) -> None:
    inside = {"lower": {"type": "number", "default": 0}, "upper": {"type": "number", "default": 1}}
    show(points(told, limits={"type": "object", "properties": inside}))
    held().use_limits = True
    call, layout = CALLS["transform_points"], Layout([])
    fields.draw(layout, fields.Drawing(held()), call)
    assert layout.drawn[:3] == ["use_limits", "limits_lower", "limits_upper"]
    assert "Limits" not in layout.labels


def panel_of(name: str) -> str:
    """All that the panel says about an operation."""
    layout = Layout([])
    panel.draw_call(layout, bpy.context.scene, CALLS[name])
    return " ".join(layout.labels)


def test_what_an_operation_is_doing_is_said_below_its_bar(blender: InBlender) -> None:
    make_grid(4, 4)
    job = blender.start("transform_points")
    job.request.fraction, job.request.message = 0.5, "Sorting\nthe points"
    before = pump.face()
    job.started -= 1
    assert "Sorting the points" in panel_of("transform_points")
    shown = pump.face()
    job.request.message = "Moving them"
    assert len({before, shown, pump.face()}) == 3
    blender.finish(job)
    assert "Moving" not in panel_of("transform_points")
