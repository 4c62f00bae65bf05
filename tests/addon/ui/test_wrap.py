"""Text in the sidebar: nothing is cut off, nothing is lost."""

import blf
import pytest

from outboard.ui import wrap

TEXT = "Connected to 127.0.0.1:8470, server 0.1.0"


@pytest.mark.parametrize("width", [60, 120, 250, 1000])
def test_lines_hold_every_word_and_fit(width: int) -> None:
    blf.size(0, 11)
    lines = wrap.lines(TEXT, width)
    assert " ".join(lines) == TEXT
    for line in lines:
        assert blf.dimensions(0, line)[0] <= width or " " not in line


def test_lines_are_balanced() -> None:
    blf.size(0, 11)
    lines = wrap.lines(TEXT, blf.dimensions(0, TEXT)[0] - 1)
    assert len(lines) == 2
    assert min(len(line) for line in lines) > len("0.1.0")


def test_an_empty_text_is_one_empty_line() -> None:
    assert wrap.lines("", 100) == [""]
