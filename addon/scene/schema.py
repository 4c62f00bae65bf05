"""Reads the JSON Schema of an operation's parameters into a form of Blender's own fields."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from . import field_names, properties
from .example import example
from .form import OMITTED, Choice, Constant, Form, Group, Leaf, Part, Switched
from .properties import Label, Made
from .ranges import Unfit

Schema = dict[str, Any]

# Blender's own limit for vectors.
LONGEST_VECTOR = 32
SIDES = (2, 3, 4)
# Stands for a default that is not given.
UNSET = object()
BRANCHES = ("oneOf", "anyOf")


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


def read(schema: Schema, taken: Iterable[str] = ()) -> Form:
    """Make the form of an operation of its `params`, with no field of a name in `taken`."""
    reader = _Reader(schema, set(taken))
    group = reader.group(schema, Place((), (), "", ""), UNSET, ())
    return Form(group, frozenset(reader.drawn))


class _Reader:
    def __init__(self, root: Schema, taken: set[str]) -> None:
        self.root = root
        self.taken = taken
        self.drawn: set[str] = set()

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
        schema, is_nullable = _without_null(schema)
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
        if key := _discriminator(schema):
            return self._choice(schema, place, default, refs, key)
        plain = None if default is UNSET else default
        if schema.get("type") == "object" and _has_keys_only(schema):
            return self.group(schema, place, default, refs)
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
            value: branch for branch in _branches(schema) for value in _values_of(branch, key)
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
    if values := _constants(schema):
        told = schema.get("outboard", {}).get("items", {})
        return properties.enum(values, label, default, told)
    kind = schema.get("type")
    if kind == "boolean":
        return properties.boolean(label, default)
    if kind in ("integer", "number"):
        return properties.number(schema, label, default)
    if kind == "string":
        return properties.string(schema, label, default)
    items = _items(schema)
    if not items:
        return None
    rows = [_items(item) for item in items]
    if len(items) in SIDES and all(len(row) == len(items) and _numbers(row) for row in rows):
        return properties.matrix((len(rows), len(rows)), label, default, is_flat=False)
    if not (_numbers(items) or all(item.get("type") == "boolean" for item in items)):
        return None
    if schema.get("outboard", {}).get("subtype") == "matrix" and len(items) in (9, 16):
        side = 4 if len(items) == 16 else 3  # noqa: PLR2004 - 4 x 4, 3 x 3
        return properties.matrix((side, side), label, default, is_flat=True)
    return properties.vector(schema, items, label, default)


def _items(schema: Schema) -> list[Schema]:
    """Give the schemas of an array of fixed length; empty for anything else."""
    if schema.get("type") != "array":
        return []
    if found := schema.get("prefixItems"):
        is_fixed = schema.get("items", False) is False or schema.get("maxItems") == len(found)
        return list(found) if is_fixed and len(found) <= LONGEST_VECTOR else []
    count = schema.get("minItems", 0)
    item = schema.get("items")
    is_fixed = 0 < count <= LONGEST_VECTOR and count == schema.get("maxItems")
    return [item] * count if is_fixed and isinstance(item, dict) else []


def _numbers(items: Iterable[Schema]) -> bool:
    return all(item.get("type") in ("integer", "number") and "enum" not in item for item in items)


def _constants(schema: Schema) -> list[object]:
    """Give the values of an enum, also of one written as a union of constants."""
    if "enum" in schema:
        return list(schema["enum"])
    branches = _branches(schema)
    return [it["const"] for it in branches] if all("const" in it for it in branches) else []


def _branches(schema: Schema) -> list[Schema]:
    return next((schema[word] for word in BRANCHES if word in schema), [])


def _has_keys_only(schema: Schema) -> bool:
    return "propertyNames" not in schema and not schema.get("additionalProperties")


def _values_of(branch: Schema, key: str) -> list[object]:
    about = branch.get("properties", {}).get(key, {})
    return [about["const"]] if "const" in about else list(about.get("enum", []))


def _discriminator(schema: Schema) -> str:
    """Find the key that tells the branches of a union of objects apart; empty if there is none."""
    branches = _branches(schema)
    for key in branches[0].get("properties", {}) if branches else ():
        values = [_values_of(branch, key) for branch in branches]
        flat = [value for each in values for value in each]
        if (
            all(values)
            and all(isinstance(value, str) and value for value in flat)
            and len(set(flat)) == len(flat)
            and all(_has_keys_only(branch) for branch in branches)
        ):
            return key
    return ""


def _without_null(schema: Schema) -> tuple[Schema, bool]:
    """Take null out of the types that a schema allows, and tell whether it was among them."""
    kinds = schema.get("type")
    if isinstance(kinds, list) and "null" in kinds:
        rest = [kind for kind in kinds if kind != "null"]
        return {**schema, "type": rest[0] if len(rest) == 1 else rest}, True
    for word in BRANCHES:
        branches = schema.get(word, [])
        rest = [it for it in branches if it.get("type") != "null"]
        if len(rest) == len(branches):
            continue
        around = {key: value for key, value in schema.items() if key != word}
        return ({**rest[0], **around} if len(rest) == 1 else {**around, word: rest}), True
    return schema, False
