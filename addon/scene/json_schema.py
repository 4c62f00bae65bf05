"""What a JSON Schema says, as far as it decides which field of Blender's fits."""

from collections.abc import Iterable
from typing import Any

Schema = dict[str, Any]

# Blender's own limit.
LONGEST_VECTOR = 32
BRANCHES = ("oneOf", "anyOf")


def fixed_items(schema: Schema) -> list[Schema]:
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


def are_numbers(items: Iterable[Schema]) -> bool:
    """Tell whether all of some schemas are those of numbers."""
    return all(item.get("type") in ("integer", "number") and "enum" not in item for item in items)


def constants(schema: Schema) -> list[object]:
    """Give the values of an enum, also of one written as a union of constants."""
    if "enum" in schema:
        return list(schema["enum"])
    found = branches(schema)
    return [it["const"] for it in found] if all("const" in it for it in found) else []


def branches(schema: Schema) -> list[Schema]:
    """Give the schemas that a union is made of; empty for anything else."""
    return next((schema[word] for word in BRANCHES if word in schema), [])


def has_keys_only(schema: Schema) -> bool:
    """Tell whether an object has the keys that its schema names, and no others."""
    return "propertyNames" not in schema and not schema.get("additionalProperties")


def values_of(branch: Schema, key: str) -> list[object]:
    """Give the values that a key can have, where its schema lists them."""
    about = branch.get("properties", {}).get(key, {})
    return [about["const"]] if "const" in about else list(about.get("enum", []))


def discriminator(schema: Schema) -> str:
    """Find the key that tells the branches of a union of objects apart; empty if there is none."""
    found = branches(schema)
    for key in found[0].get("properties", {}) if found else ():
        values = [values_of(branch, key) for branch in found]
        flat = [value for each in values for value in each]
        if (
            all(values)
            and all(isinstance(value, str) and value for value in flat)
            and len(set(flat)) == len(flat)
            and all(has_keys_only(branch) for branch in found)
        ):
            return key
    return ""


def without_null(schema: Schema) -> tuple[Schema, bool]:
    """Take null out of the types that a schema allows, and tell whether it was among them."""
    kinds = schema.get("type")
    if isinstance(kinds, list) and "null" in kinds:
        rest = [kind for kind in kinds if kind != "null"]
        return {**schema, "type": rest[0] if len(rest) == 1 else rest}, True
    for word in BRANCHES:
        found = schema.get(word, [])
        rest = [it for it in found if it.get("type") != "null"]
        if len(rest) == len(found):
            continue
        around = {key: value for key, value in schema.items() if key != word}
        return ({**rest[0], **around} if len(rest) == 1 else {**around, word: rest}), True
    return schema, False
