"""Makes a small value that fits a JSON Schema: what a field of JSON starts with."""

import math
from typing import Any

CONSTANTS = {"boolean": False, "string": "", "null": None}


def example(schema: dict[str, Any]) -> Any:
    """Make the smallest plain value that fits `schema`."""
    if "default" in schema:
        return schema["default"]
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    branches = schema.get("anyOf") or schema.get("oneOf")
    if branches:
        return example(branches[0])
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind in ("integer", "number"):
        return _number(schema, is_integer=kind == "integer")
    if kind == "array":
        first = [example(item) for item in schema.get("prefixItems", ())]
        item = schema.get("items") or {}
        return first + [example(item) for _ in range(schema.get("minItems", 0) - len(first))]
    if kind == "object":
        known = schema.get("properties", {})
        return {key: example(known.get(key, {})) for key in schema.get("required", ())}
    return CONSTANTS.get(kind)


def _number(schema: dict[str, Any], *, is_integer: bool) -> float:
    low, high = schema.get("minimum", -math.inf), schema.get("maximum", math.inf)
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if above is not None:
        low = max(low, math.floor(above) + 1 if is_integer else math.nextafter(above, math.inf))
    if below is not None:
        high = min(high, math.ceil(below) - 1 if is_integer else math.nextafter(below, -math.inf))
    return min(max(0, low), high)
