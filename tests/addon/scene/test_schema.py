"""From a schema to Blender's fields and back: what the fields hold, the server accepts."""

import json
import os
import random
import string
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import bpy
import pytest
import random_operations

from outboard.bridge import State
from outboard.scene import field_names, schema
from outboard.scene.calls import plain
from outboard.scene.form import BadField, Form

COUNT, ROUNDS = 40, 6


class Held:
    """A form whose fields are on the scene, as an operation's are."""

    def __init__(self, form: Form) -> None:
        self.form = form
        annotations = {"__annotations__": form.fields}
        self.group = type("OUTBOARD_PG_tried", (bpy.types.PropertyGroup,), annotations)
        self.classes = [*(rows.kind for rows in form.lists), self.group]
        for cls in self.classes:
            bpy.utils.register_class(cls)
        bpy.types.Scene.outboard_tried = bpy.props.PointerProperty(type=self.group)
        self.holder = bpy.context.scene.outboard_tried

    def close(self) -> None:
        self.holder = None
        del bpy.types.Scene.outboard_tried
        for cls in reversed(self.classes):
            bpy.utils.unregister_class(cls)
        for scene in bpy.data.scenes:
            scene.pop("outboard_tried", None)

    def params(self) -> dict[str, object]:
        return self.form.params(self.values())

    def values(self) -> dict[str, object]:
        return {name: plain(getattr(self.holder, name)) for name in self.form.fields}


@pytest.fixture
def held() -> Iterator[Callable[[dict], Held]]:
    """Make forms of the properties of an object's schema."""
    made: list[Held] = []

    def make(properties: dict, required: tuple[str, ...] = (), **around: object) -> Held:
        whole = {"type": "object", "properties": properties, "required": list(required), **around}
        made.append(Held(schema.read(whole, "tried")))
        return made[-1]

    yield make
    for each in made:
        each.close()


def scramble(held: Held, chance: random.Random) -> None:
    """Set every field that is not JSON text as a user could."""
    for rows in held.form.lists:
        for _ in range(chance.randrange(4)):
            action = chance.choice(["ADD", "ADD", "REMOVE", "UP", "DOWN"])
            count = len(getattr(held.holder, rows.leaf.name))
            rows.change(held.holder, action, chance.randrange(count) if count else 0)
        for row in getattr(held.holder, rows.leaf.name):
            scramble_fields(row, rows.row.fields, chance)
    lists = {leaf.name for rows in held.form.lists for leaf in rows.leaves()}
    scramble_fields(held.holder, held.form.fields.keys() - lists, chance)


def scramble_fields(holder: object, names: Iterable[str], chance: random.Random) -> None:
    for name in sorted(names):
        prop = holder.bl_rna.properties[name]
        size = getattr(prop, "array_length", 0)
        draw = {
            "BOOLEAN": lambda: chance.random() < 0.6,
            "INT": lambda: chance.choice([0, 1, 5, chance.randrange(-(2**31), 2**31)]),
            "FLOAT": lambda: chance.choice([0.0, 0.1, chance.uniform(-2, 2), 3e38, -1e9]),
        }.get(prop.type)
        if prop.type == "ENUM":
            setattr(holder, name, chance.choice(prop.enum_items.keys()))
        elif prop.type == "STRING" and "JSON" not in prop.description:
            letters = chance.choices(
                [*string.ascii_letters, "ß", "数", '"'], k=chance.randint(0, 3)
            )
            setattr(holder, name, "".join(letters))
        elif draw and prop.is_array and prop.subtype == "MATRIX":
            side = prop.array_dimensions[0]
            rows = [[draw() for _ in range(side)] for _ in range(side)]
            setattr(holder, name, rows)
        elif draw:
            setattr(holder, name, [draw() for _ in range(size)] if prop.is_array else draw())


def test_whatever_the_fields_hold_the_server_accepts(
    start_server: Callable, make_client: Callable, pump_until: Callable, tmp_path: Path
) -> None:
    seed = int(os.environ.get("OUTBOARD_SEED") or random.randrange(10**6))
    print(f"OUTBOARD_SEED={seed}")
    folder = tmp_path / "operations"
    folder.mkdir()
    random_operations.write(folder, seed, COUNT)
    server = start_server("--operations", str(folder))
    client = make_client(server.find)
    client.connect()
    pump_until(client, lambda: client.state is State.CONNECTED)
    listed = client.request("operations.list")
    pump_until(client, lambda: listed.done, 60)
    made = [it for it in listed.result["operations"] if it["name"].startswith("made_")]
    assert listed.result["failures"] == []
    assert len(made) == COUNT
    chance = random.Random(seed)
    jobs = []
    for entry in made:
        held = Held(schema.read(entry["params"], entry["name"]))
        for round_number in range(ROUNDS):
            if round_number:
                scramble(held, chance)
            params = held.params()
            assert json.dumps(params, allow_nan=False)
            jobs.append((entry, params, client.run(entry["name"], params)))
            pump_until(client, lambda: jobs[-1][2].done)
        held.close()
    for entry, params, job in jobs:
        error = job.error and job.error.message
        assert error is None, f"{error}\nparams {params}\nschema {json.dumps(entry['params'])}"


def test_numbers_are_sent_as_they_were_meant(held: Callable) -> None:
    tried = held({"x": {"type": "number", "default": 0.1}, "n": {"type": "integer", "default": 3}})
    assert json.dumps(tried.params()) == '{"x": 0.1, "n": 3}'
    tried.holder.x = 1 / 3
    assert tried.params()["x"] == 0.33333334


@pytest.mark.parametrize(
    ("about", "low", "high"),
    [
        ({"type": "integer", "minimum": -(2**53), "maximum": 2**53}, -(2**31), 2**31 - 1),
        ({"type": "integer", "exclusiveMinimum": 0, "maximum": 9.5}, 1, 9),
        ({"type": "number", "minimum": -1e300, "maximum": 5}, -3.4028234663852886e38, 5),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, 1e-6, 1 - 1e-6),
    ],
)
def test_fields_stop_where_the_numbers_do(
    held: Callable, about: dict, low: float, high: float
) -> None:
    prop = held({"x": about}, ["x"]).holder.bl_rna.properties["x"]
    assert prop.hard_min == pytest.approx(low)
    assert prop.hard_max == pytest.approx(high)


@pytest.mark.parametrize(
    "about",
    [
        {"type": "integer", "minimum": 2**40, "default": 2**41},
        {"type": "number", "default": 1e200},
        {"type": "array", "items": {"type": "number"}, "default": [1, 2, 3]},
        {"type": ["string", "number"], "default": 5},
    ],
)
def test_what_blender_has_no_field_for_is_json(held: Callable, about: dict) -> None:
    tried = held({"x": about})
    assert tried.holder.bl_rna.properties["x"].type == "STRING"
    assert tried.params() == {"x": about["default"]}
    tried.holder.x = "[1, 2"
    with pytest.raises(
        BadField, match=r"X must be written as JSON, such as .*, got '\[1, 2'"
    ) as bad:
        tried.params()
    assert bad.value.names == {"x"}


def test_a_text_of_the_wrong_length_is_said_at_once(held: Callable) -> None:
    tried = held({"x": {"type": "string", "minLength": 1, "maxLength": 2}}, ["x"])
    with pytest.raises(BadField, match="X must have at least 1 characters, got 0"):
        tried.params()
    tried.holder.x = "数数"
    assert tried.params() == {"x": "数数"}


def test_a_schema_that_leads_back_into_itself_ends_as_json(held: Callable) -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}
    tried = held({"first": {"$ref": "#/$defs/node"}}, ["first"], **{"$defs": {"node": node}})
    assert tried.params() == {"first": {}}
    assert tried.holder.bl_rna.properties["first_next"].type == "STRING"


def test_what_is_left_out_has_a_switch(held: Callable) -> None:
    tried = held({"x": {"type": "number"}, "y": {"type": ["number", "null"], "default": None}})
    assert tried.params() == {"y": None}
    tried.holder.use_x = tried.holder.use_y = True
    assert tried.params() == {"x": 0, "y": 0}


UNION = {
    "default": {"kind": "ball", "radius": 2},
    "oneOf": [
        {"properties": {"kind": {"const": "box"}, "size": {"type": "number", "default": 1}}},
        {
            "properties": {"kind": {"const": "ball"}, "radius": {"type": "number"}},
            "required": ["radius"],
        },
    ],
}


def test_a_choice_sends_the_fields_of_the_chosen_kind(held: Callable) -> None:
    tried = held({"shape": UNION})
    assert list(tried.form.fields) == [*("shape", "shape_box_size"), "shape_ball_radius"]
    assert tried.params() == {"shape": {"kind": "ball", "radius": 2}}
    tried.holder.shape = "box"
    assert tried.params() == {"shape": {"kind": "box", "size": 1}}
    values = {name: getattr(tried.holder, name) for name in tried.form.fields}
    assert tried.form.at("shape.size", values).name == "shape_box_size"
    assert tried.form.at("shape.radius", values).name == "shape"
    assert tried.form.at("other", values) is None


def test_items_keep_their_meaning_when_others_come_before_them() -> None:
    numbers = []
    for values in (["b", "c"], ["a", "b", "c"]):
        form = schema.read({"properties": {"x": {"enum": values}}, "required": ["x"]})
        items = form.fields["x"].keywords["items"]
        numbers.append(next(item[-1] for item in items if item[0] == "c"))
    assert numbers[0] == numbers[1]


def test_tooltips_say_what_it_is_its_range_and_its_default(held: Callable) -> None:
    about = {"type": "number", "minimum": 0, "maximum": 3.1415927, "default": 0.7853981633974483}
    tried = held({"x": {**about, "description": "How wide", "outboard": {"unit": "angle"}}})
    tip = tried.holder.bl_rna.properties["x"].description
    assert tip == "How wide.\nFrom 0° to 180°.\nDefault: 45°"


def test_fields_that_share_a_first_word_stand_below_it(held: Callable) -> None:
    number = {"type": "number"}
    keys = ("scale", "randomScale", "randomMove", "randomTurn", "lowX", "lowY")
    form = held(dict.fromkeys(keys, number), keys).form
    assert form.group.headings == {"randomScale": "Random"}
    labels = [prop.keywords["name"] for prop in form.fields.values()]
    assert labels == ["Scale", "Scale", "Move", "Turn", "Low X", "Low Y"]
    assert form.group.parts["randomScale"].title == "Random Scale"


def test_names_are_short_plain_and_unlike_each_other() -> None:
    taken: set[str] = set()
    keys = [*random_operations.KEYS, "a" * 63, "", "name", "fooBar"]
    names = [field_names.identifier((key,), taken) for key in keys]
    assert len(set(names)) == len(names)
    for name in names:
        assert name.isidentifier()
        assert name.isascii()
        assert len(name) <= field_names.LONGEST
        assert name not in field_names.RESERVED
        assert not name.startswith("_")
    assert field_names.title("randomScale") == "Random Scale"
    assert field_names.title("own_origin") == "Own Origin"


@pytest.mark.parametrize(
    ("about", "start"),
    [({}, 0), ({"minimum": 0.0001}, 1), ({"minimum": 0.0001, "outboard": {"softMin": 0.1}}, 1),
     ({"minimum": 0.0001, "outboard": {"softMin": 0.1, "softMax": 0.5}}, 0.5),
     ({"minimum": 0.0001, "outboard": {"softMin": 2}}, 2), ({"exclusiveMinimum": 0}, 1),
     ({"exclusiveMinimum": 0, "maximum": 0.25}, 0.25), ({"maximum": -3}, -3), ({"minimum": 8}, 8),
     ({"outboard": {"softMin": 5}}, 5)],
)  # fmt: skip
def test_a_number_without_a_default_starts_with_a_useful_one(
    held: Callable, about: dict, start: float
) -> None:
    assert held({"x": {"type": "number", **about}}).holder.x == pytest.approx(start)
