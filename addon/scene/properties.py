"""Blender's properties for the plain types of JSON Schema, and their values back as JSON."""

import json
import math
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

import bpy
from bpy.props import (
    BoolProperty,
    BoolVectorProperty,
    EnumProperty,
    FloatProperty,
    FloatVectorProperty,
    IntProperty,
    IntVectorProperty,
    StringProperty,
)

from . import field_names, ranges
from .ranges import Range

UNITS = {"length": "LENGTH", "angle": "ROTATION", "time": "TIME_ABSOLUTE"}
SUBTYPES = {"euler": "EULER", "translation": "TRANSLATION", "xyz": "XYZ", "direction": "XYZ"}
# Those have as many numbers as there are axes.
AXES = 3
COLORS = (3, 4)


class Made(NamedTuple):
    """A property of Blender's and how its value is written for the server."""

    prop: object
    write: Callable[[object], object]


class Label(NamedTuple):
    """What a field is called and what its tooltip says."""

    name: str
    description: str

    def with_more(self, *lines: str) -> dict[str, str]:
        """Give both as keywords of a property, the tooltip with more lines."""
        # Blender itself ends a tooltip with a period.
        text = ".\n".join(line for line in (self.description.rstrip("."), *lines) if line)
        return {"name": self.name, "description": text}


def boolean(label: Label, default: object) -> Made:
    """Make a checkbox."""
    state = "On" if default else "Off"
    return Made(BoolProperty(default=bool(default), **label.with_more(f"Default: {state}")), bool)


def number(schema: dict[str, Any], label: Label, default: object) -> Made:
    """Make a field for one number, with its ranges, step and unit."""
    facts = schema.get("outboard", {})
    limits = Range.of(schema, default)
    ends = _limits(limits, facts)
    keywords = {
        **label.with_more(limits.told(facts.get("unit")), _default(default, facts.get("unit"))),
        **ends,
        "default": _start(limits, ends) if default is None else limits.clamp(default),
    }
    if limits.is_integer:
        if "step" in facts:
            keywords["step"] = max(1, round(facts["step"]))
        return Made(IntProperty(**keywords), limits.write)
    keywords |= _float_facts(facts)
    return Made(FloatProperty(**keywords), limits.write)


def vector(schema: dict[str, Any], items: list[dict[str, Any]], label: Label, default: Any) -> Made:
    """Make a field for a fixed count of numbers or checkboxes."""
    given = default if default is not None else [None] * len(items)
    if all(item.get("type") == "boolean" for item in items):
        values = [bool(it) for it in given]
        prop = BoolVectorProperty(size=len(items), default=values, **label.with_more())
        return Made(prop, lambda value: [bool(it) for it in value])
    facts = schema.get("outboard", {})
    limits = [Range.of(item, it) for item, it in zip(items, given, strict=True)]
    whole = Range(
        min(it.low for it in limits),
        max(it.high for it in limits),
        all(it.is_integer for it in limits),
    )
    ends = _limits(whole, facts)
    values = [
        _start(one, ends) if it is None else one.clamp(it)
        for one, it in zip(limits, given, strict=True)
    ]
    unit = facts.get("unit")
    keywords = {
        **label.with_more(whole.told(unit), _default(default, unit)),
        **ends,
        "default": values,
        "size": len(items),
    }

    def write(value: Any) -> list[object]:
        return [one.write(it) for one, it in zip(limits, value, strict=True)]

    if whole.is_integer:
        return Made(IntVectorProperty(**keywords), write)
    keywords |= _float_facts(facts)
    keywords.pop("subtype", None)
    subtype = SUBTYPES.get(facts.get("subtype", ""))
    if subtype and len(items) == AXES:
        keywords["subtype"] = subtype
    elif facts.get("subtype") == "color" and len(items) in COLORS:
        keywords |= {"subtype": "COLOR", "min": max(whole.low, 0.0), "soft_max": 1.0}
        keywords["default"] = [max(it, 0.0) for it in values]
    return Made(FloatVectorProperty(**keywords), write)


def matrix(size: tuple[int, int], label: Label, default: Any, *, is_flat: bool) -> Made:
    """Make a field for the rows of a matrix; the server wants them nested, or one after another."""
    rows, columns = size
    if default is None:
        default = [[float(row == column) for column in range(columns)] for row in range(rows)]
    elif is_flat:
        default = [default[row * columns : (row + 1) * columns] for row in range(rows)]

    def write(value: Any) -> list[object]:
        found = [[ranges.shortest(it) for it in row] for row in value]
        return [it for row in found for it in row] if is_flat else found

    prop = FloatVectorProperty(
        size=size, subtype="MATRIX", default=default, precision=3, **label.with_more()
    )
    return Made(prop, write)


def enum(
    values: list[object], label: Label, default: object, told: dict[str, dict[str, str]]
) -> Made:
    """Make a drop-down; `told` has titles and descriptions of the items."""
    by_id = {_item_id(value): value for value in values}
    items, numbers = [], set()
    for key in by_id:
        about = told.get(key, {})
        name = about.get("title") or field_names.title(key)
        # A scene keeps the number: made of the item's own name, it outlives a change of the order.
        number = zlib.crc32(key.encode()) & 0x3FFFFFFF
        while number in numbers:
            number += 1
        numbers.add(number)
        items.append((key, name, about.get("description", ""), "NONE", number))
    first = _item_id(default) if default in values else items[0][0]
    name = next(item[1] for item in items if item[0] == first)
    prop = EnumProperty(items=items, default=first, **label.with_more(f"Default: {name}"))
    return Made(prop, lambda value: by_id.get(value, by_id[first]))


def _item_id(value: object) -> str:
    return value if isinstance(value, str) and value else json.dumps(value)


def string(schema: dict[str, Any], label: Label, default: object) -> Made:
    """Make a field for text, or for the name of a file."""
    keywords = {**label.with_more(), "default": default or ""}
    if schema.get("outboard", {}).get("subtype") == "file":
        return Made(file_path(**keywords), _absolute)
    least, most = schema.get("minLength", 0), schema.get("maxLength", math.inf)

    def write(text: str) -> str:
        # JavaScript counts in UTF-16; Blender's own limit would count bytes, and cut letters apart.
        length = len(text.encode("utf-16-le")) // 2
        if not least <= length <= most:
            wanted = f"at least {least}" if length < least else f"at most {most}"
            raise ValueError(f"must have {wanted} characters, got {length}")
        return text

    return Made(StringProperty(**keywords), write)


def file_path(**keywords: str) -> object:
    """Make Blender's property for the path of a file, with the button that opens the browser."""
    options = {"ANIMATABLE"}
    if bpy.app.version >= (4, 5, 0):
        # Since then Blender wants to be told that paths beside the .blend are understood.
        options.add("PATH_SUPPORTS_BLEND_RELATIVE")
    return StringProperty(subtype="FILE_PATH", options=options, **keywords)


def _absolute(path: object) -> str:
    # Blender writes a file's place relative to the .blend, which the server cannot know.
    return bpy.path.abspath(path) if path else ""


def as_json(label: Label, start: object) -> Made:
    """Make a field for anything else: the user writes JSON."""
    text = json.dumps(start)

    def write(value: str) -> object:
        try:
            return json.loads(value)
        except (ValueError, RecursionError) as error:
            raise ValueError(
                f"must be written as JSON, such as {text}, got {value[:40]!r}"
            ) from error

    return Made(StringProperty(default=text, **label.with_more("Written as JSON")), write)


def _limits(limits: Range, facts: dict[str, Any]) -> dict[str, float]:
    low, high = limits.low, limits.high
    soft_low, soft_high = facts.get("softMin", low), facts.get("softMax", high)
    if facts.get("unit") == "factor" and "softMax" not in facts:
        soft_low, soft_high = facts.get("softMin", max(low, 0)), min(high, 1)
    keywords = {"min": low, "max": high, "soft_min": soft_low, "soft_max": soft_high}
    return {name: limits.clamp(value) for name, value in keywords.items()}


def _start(limits: Range, ends: dict[str, float]) -> float:
    return limits.start(ends["soft_min"], ends["soft_max"])


def _float_facts(facts: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if facts.get("unit") in UNITS:
        found["unit"] = UNITS[facts["unit"]]
    elif facts.get("unit") == "factor":
        found["subtype"] = "FACTOR"
    if "step" in facts:
        # Blender counts in hundredths.
        found["step"] = max(1, round(facts["step"] * 100))
    if "precision" in facts:
        found["precision"] = min(6, max(0, round(facts["precision"])))
    elif facts.get("unit") == "angle":
        # Blender counts in radians: fewer would show whole degrees only.
        found["precision"] = 3
    return found


def _default(value: object, unit: str | None) -> str:
    if value is None:
        return ""
    values = value if isinstance(value, list) else [value]
    return "Default: " + ", ".join(ranges.told(it, unit) for it in values)
