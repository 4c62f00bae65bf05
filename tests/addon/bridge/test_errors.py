"""The table of errors is the server's."""

import re
from pathlib import Path

import pytest

from outboard.bridge import ERRORS, OutboardError

SOURCE = Path(__file__).resolve().parents[3] / "workers" / "errors.ts"


def test_table_mirrors_the_server() -> None:
    rows = re.findall(
        r"^  (\w+): \{ number: (-\d+), retry: (true|false) \},$", SOURCE.read_text(), re.MULTILINE
    )
    theirs = {name: (int(number), retry == "true") for name, number, retry in rows}
    ours = {name: tuple(kind) for name, kind in ERRORS.items() if kind.number is not None}
    assert len(theirs) > 20
    assert ours == theirs


def test_only_a_lost_connection_has_no_number() -> None:
    assert [name for name, kind in ERRORS.items() if kind.number is None] == ["CONNECTION_LOST"]


def test_wire_error_keeps_name_message_and_data() -> None:
    data = {"code": "BUSY", "retryAfterMs": 50}
    error = OutboardError.from_wire({"code": -32011, "message": "No room", "data": data})
    assert (error.code, error.message, str(error), error.retry) == (
        "BUSY",
        "No room",
        "No room",
        True,
    )
    assert error.data["retryAfterMs"] == 50


@pytest.mark.parametrize(
    ("wire", "code"),
    [
        ({"code": -32012, "message": "Stopped"}, "CANCELLED"),
        ({"code": -1, "message": "?"}, "INTERNAL"),
        ({"code": [], "data": 3}, "INTERNAL"),
        (None, "INTERNAL"),
        ({"code": -32603, "message": "m", "data": {"code": "FROM_THE_FUTURE"}}, "FROM_THE_FUTURE"),
    ],
)
def test_any_wire_error_is_read(wire: object, code: str) -> None:
    error = OutboardError.from_wire(wire)
    assert error.code == code
    assert error.message
    assert error.retry is False
