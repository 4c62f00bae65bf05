"""Counts what makes a running job's scene another one: files opened, steps undone or redone."""

from collections import Counter
from typing import NamedTuple

import bpy
from bpy.app.handlers import persistent


class Moment(NamedTuple):
    """A point in the scene's history; two equal moments see the same file, nothing undone."""

    files: int
    undos: int


_counts = Counter()


def now() -> Moment:
    """Tell the present moment, to be compared with a later one."""
    return Moment(_counts["files"], _counts["undos"])


@persistent
def _file_changes(*_: object) -> None:
    _counts["files"] += 1


@persistent
def _undone(*_: object) -> None:
    _counts["undos"] += 1


def _watched() -> tuple:
    handlers = bpy.app.handlers
    return (
        (handlers.load_pre, _file_changes),
        (handlers.undo_post, _undone),
        (handlers.redo_post, _undone),
    )


def register() -> None:
    """Start counting."""
    for handlers, function in _watched():
        handlers.append(function)


def unregister() -> None:
    """Stop counting; safe after a failed `register`."""
    for handlers, function in _watched():
        while function in handlers:
            handlers.remove(function)
