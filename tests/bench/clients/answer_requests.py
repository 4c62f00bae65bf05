"""The loop of a program that is asked for one thing at a time, in lines of JSON."""

import json
import sys
import traceback
from collections.abc import Callable
from typing import Any

MARK = "@bench "


def answer_line(line: str, functions: dict[str, Callable[..., Any]]) -> str:
    """Do what a line asks for and return the line that answers it."""
    request = json.loads(line)
    try:
        result = functions[request.pop("do")](**request)
    except Exception:  # noqa: BLE001 - whatever it is, it is told to the one who asked
        return MARK + json.dumps({"error": traceback.format_exc()})
    return MARK + json.dumps({"result": result})


def answer_requests(functions: dict[str, Callable[..., Any]]) -> None:
    """Answer until there is no more input."""
    for line in sys.stdin:
        print(answer_line(line, functions), flush=True)
