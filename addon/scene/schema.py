"""Reads the JSON Schema of an operation's parameters into a form of Blender's own fields."""

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

from . import field_names, json_schema, properties
from .example import example
from .form import OMITTED, Choice, Constant, Form, Group, Leaf, Part, Switched
from .json_schema import Schema
from .properties import Label, Made
from .ranges import Unfit
from .rows import Rows

SIDES = (2, 3, 4)
# Stands for a default that is not given.
UNSET = object()


class Place(NamedTuple):
    """Where in the parameters a schema stands, and what its field is named after."""

    path: tuple[str, ...]
    names: tuple[str, ...]
    title: str
    # The title, without what a heading above it says already.
    label: str

    def child(self, key: str, title: str, label: str) -> "Place":
        """Go down one key."""
        return Place((*self.path, key), (*self.names, key), title, label)


def read(schema: Schema, name: str = "", taken: Iterable[str] = ()) -> Form:
    """Make the form of the operation `name` of its `params`, with no field named as in `taken`."""
    reader = _Reader(schema, set(taken), name)
    group = reader.group(schema, Place((), (), "", ""), UNSET, ())
    return Form(group, frozenset(reader.drawn), tuple(reader.lists))


class _Reader:
    def __init__(self, root: Schema, taken: set[str], name: str) -> None:
        self.root = root
        self.taken = taken
        # Of the operation; empty within a list, where lists are not made of lists.
        self.name = name
        self.drawn: set[str] = set()
        self.lists: list[Rows] = []

    def group(
        self, schema: Schema, place: Place, default: Any, refs: tuple[str, ...], fixed: str = ""
    ) -> Group:
        """Read an object; the key `fixed` of it is somebody else's."""
        required = schema.get("required", ())
        known = default if isinstance(default, dict) else {}
        children = {key: it for key, it in schema.get("properties", {}).items() if key != fixed}
        shared = field_names.shared_words([key for key in children if "title" not in children[key]])
        parts = {}
        for key, child in children.items():
            title = child.get("title") or field_names.title(key)
            label = title.removeprefix(f"{shared[key]} ") if key in shared else title
            given = known.get(key, UNSET)
            at = place.child(key, title, label)
            parts[key] = self.part(child, at, given, refs, is_required=key in required)
        headings = {word: key for key, word in reversed(shared.items())}
        return Group(place.title, parts, {key: word for word, key in headings.items()})

    def part(
        self,
        schema: Schema,
        place: Place,
        given: Any,
        refs: tuple[str, ...],
        *,
        is_required: bool = True,
    ) -> Part:
        """Read anything; `given` is the default that the object around it has for it."""
        schema, refs = self._resolve(schema, refs)
        schema, is_nullable = json_schema.without_null(schema)
        default = schema.get("default", UNSET) if given is UNSET else given
        facts = schema.get("outboard", {})
        can_be_drawn = facts.get("drawn") and schema.get("type") == "integer"
        is_left_out = default is UNSET and not is_required
        if not (is_left_out or is_nullable) or can_be_drawn:
            part = self._solid(schema, place, default, refs)
            if can_be_drawn and isinstance(part, Leaf):
                self.drawn.add(part.name)
            return part
        is_on = default not in (UNSET, None)
        label = Label(place.label, schema.get("description", ""))
        switch = self._leaf(
            place._replace(names=("use", *place.names)),
            properties.boolean(label, is_on),
        )
        inside = self._solid(schema, place, default if is_on else UNSET, refs)
        return Switched(switch, inside, OMITTED if is_left_out else None)

    def _solid(self, schema: Schema, place: Place, default: Any, refs: tuple[str, ...]) -> Part:
        """Read what is neither optional nor null."""
        if "const" in schema:
            return Constant(schema["const"])
        label = Label(place.label, schema.get("description", ""))
        if key := json_schema.discriminator(schema):
            return self._choice(schema, place, default, refs, key)
        plain = None if default is UNSET else default
        if schema.get("type") == "object" and json_schema.has_keys_only(schema):
            return self.group(schema, place, default, refs)
        if self.name and (rows := self._rows(schema, place, default, refs)):
            self.lists.append(rows)
            return rows
        try:
            made = _plain(schema, label, plain)
        except Unfit:
            made = None
        if made is None:
            made = properties.as_json(label, example(schema) if default is UNSET else default)
        return self._leaf(place, made)

    def _choice(
        self, schema: Schema, place: Place, default: Any, refs: tuple[str, ...], key: str
    ) -> Choice:
        branches = {
            value: branch
            for branch in json_schema.branches(schema)
            for value in json_schema.values_of(branch, key)
        }
        kind = default.get(key) if isinstance(default, dict) else None
        told = {
            value: {"title": branch.get("title"), "description": branch.get("description", "")}
            for value, branch in branches.items()
        }
        told |= schema.get("outboard", {}).get("items", {})
        label = Label(place.label, schema.get("description", ""))
        made = properties.enum(list(branches), label, kind, told)
        leaf = self._leaf(place, made)
        groups = {}
        for value, branch in branches.items():
            at = place._replace(names=(*place.names, value))
            known = default if value == kind else UNSET
            group = self.group(branch, at, known, refs, fixed=key)
            parts = {key: Constant(value), **group.parts}
            groups[value] = Group("", parts, group.headings)
        return Choice(leaf, groups)

    def _rows(
        self, schema: Schema, place: Place, default: Any, refs: tuple[str, ...]
    ) -> Rows | None:
        """Read an array of objects; None for anything else."""
        if schema.get("type") != "array" or not isinstance(schema.get("items"), dict):
            return None
        item, refs = self._resolve(schema["items"], refs)
        is_object = item.get("type") == "object" and json_schema.has_keys_only(item)
        if "prefixItems" in schema or not (is_object or json_schema.discriminator(item)):
            return None
        least = schema.get("minItems", 0)
        wanted = [UNSET] * least if default in (UNSET, None) else default
        row, *usual = (self._row(item, it, refs) for it in (UNSET, *wanted))
        if not row.fields or not all(it.is_like(row) for it in usual):
            return None
        label = Label(place.label, schema.get("description", ""))
        names = [
            field_names.identifier(keys, self.taken) for keys in (place.names, ("no", *place.names))
        ]
        limits = (least, schema.get("maxItems", math.inf))
        rows = [it.defaults for it in usual]
        return Rows.make(self.name, names, label, ".".join(place.path), row, rows, limits)

    def _row(self, item: Schema, default: Any, refs: tuple[str, ...]) -> Form:
        key = json_schema.discriminator(item)
        place = Place((), (key,) if key else (), field_names.title(key), field_names.title(key))
        reader = _Reader(self.root, set(), "")
        return Form(reader._solid(item, place, default, refs))

    def _leaf(self, place: Place, made: Made) -> Leaf:
        name = field_names.identifier(place.names, self.taken)
        return Leaf(name, ".".join(place.path), place.title, made.prop, made.write)

    def _resolve(self, schema: Schema, refs: tuple[str, ...]) -> tuple[Schema, tuple[str, ...]]:
        """Follow references; one that leads back into itself becomes JSON text."""
        while ref := schema.get("$ref"):
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            if ref in (*refs, "#"):
                return beside, refs
            refs = (*refs, ref)
            schema = {**self.root.get("$defs", {}).get(ref.removeprefix("#/$defs/"), {}), **beside}
        return schema, refs


def _plain(schema: Schema, label: Label, default: Any) -> Made | None:
    """Make the field of what is neither object nor choice; None where Blender has none for it."""
    if values := json_schema.constants(schema):
        told = schema.get("outboard", {}).get("items", {})
        return properties.enum(values, label, default, told)
    kind = schema.get("type")
    if kind == "boolean":
        return properties.boolean(label, default)
    if kind in ("integer", "number"):
        return properties.number(schema, label, default)
    if kind == "string":
        return properties.string(schema, label, default)
    items = json_schema.fixed_items(schema)
    if not items:
        return None
    rows = [json_schema.fixed_items(item) for item in items]
    if len(items) in SIDES and all(
        len(row) == len(items) and json_schema.are_numbers(row) for row in rows
    ):
        return properties.matrix((len(rows), len(rows)), label, default, is_flat=False)
    if not (json_schema.are_numbers(items) or all(item.get("type") == "boolean" for item in items)):
        return None
    if schema.get("outboard", {}).get("subtype") == "matrix" and len(items) in (9, 16):
        side = 4 if len(items) == 16 else 3  # noqa: PLR2004 - 4 x 4, 3 x 3
        return properties.matrix((side, side), label, default, is_flat=True)
    return properties.vector(schema, items, label, default)
