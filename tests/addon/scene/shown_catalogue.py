"""Catalogues that a test makes up, shown without a server."""

import copy
import json

from outboard.scene import catalogue, pump


def entry(told: dict, name: str) -> dict:
    """Copy one entry out of what the server told."""
    return copy.deepcopy(next(it for it in told["operations"] if it["name"] == name))


def show(*entries: dict) -> None:
    """Take these entries for the whole catalogue."""
    told = {"revision": json.dumps(entries), "operations": list(entries), "failures": []}
    catalogue.take(told)
    pump.tick()


def points(told: dict, **properties: dict) -> dict:
    """Make an entry of transform_points that has other parameters."""
    made = entry(told, "transform_points")
    made["params"] = {"type": "object", "properties": properties}
    return made
