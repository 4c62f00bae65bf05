"""The server knows the same sources and targets, by a table of its own."""

import json
import re
from pathlib import Path

import pytest

from outboard.scene import sources, targets

ROOT = Path(__file__).resolve().parents[3]
NAMES = json.loads((ROOT / "tests/fixtures/places/names.json").read_text())
ROW = re.compile(r"^  \"([\w.:]+)\": (\{.*?\}),$", re.MULTILINE | re.DOTALL)


def rows(table: str) -> dict[str, dict[str, object]]:
    """Read a table of workers/places.ts."""
    text = (ROOT / "workers" / "places.ts").read_text()
    body = text.split(f"export const {table}:")[1].split("\n};")[0]
    return {name: json.loads(_to_json(form)) for name, form in ROW.findall(body)}


def _to_json(form: str) -> str:
    return re.sub(r",(\s*\})", r"\1", re.sub(r"(\w+): ", r'"\1": ', form))


def test_sources_are_those_of_the_server() -> None:
    ours = {name: {"world": True} if it.carry else {} for name, it in sources.SOURCES.items()}
    assert ours == rows("SOURCES")


def test_targets_are_those_of_the_server() -> None:
    ours = {}
    for name, target in targets.TARGETS.items():
        named = "must" if target.needs_name else "may" if target.takes_name else None
        form = {
            "parts": sorted(target.parts),
            "attributes": target.has_attributes,
            "world": target.has_space,
            "named": named,
        }
        ours[name] = {key: value for key, value in form.items() if value}
    assert ours == rows("TARGETS")


@pytest.mark.parametrize(("name", "is_known"), NAMES["sources"].items())
def test_source_names_are_understood_as_by_the_server(name: str, is_known: bool) -> None:
    assert sources.is_known(name) == is_known


@pytest.mark.parametrize(("name", "is_known"), NAMES["targets"].items())
def test_target_names_are_understood_as_by_the_server(name: str, is_known: bool) -> None:
    assert targets.is_known(name, "result") == is_known
