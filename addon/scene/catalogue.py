"""The server's operations as known here: asked for when they change, and remembered."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bpy

from ..bridge.errors import OutboardError
from . import connection, jobs

FILE = "catalogue.json"

log = logging.getLogger(__package__)


@dataclass
class Catalogue:
    """What `operations.list` said last."""

    revision: str = ""
    operations: list[dict[str, Any]] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, told: object) -> "Catalogue":
        """Read a server's answer, or the file; what is not as it should be is left out."""
        told = told if isinstance(told, dict) else {}
        return cls(
            str(told.get("revision", "")),
            [it for it in _objects(told.get("operations")) if isinstance(it.get("name"), str)],
            _objects(told.get("failures")),
        )


@dataclass
class _Following:
    """How far this side is behind the server."""

    catalogue: Catalogue = field(default_factory=Catalogue)
    # The revision that was asked for last.
    asked: str | None = None
    # Brings what the user sees up to the catalogue; tells whether that is done.
    show: Callable[[], bool] | None = None
    is_shown: bool = True


_now = _Following()


def current() -> Catalogue:
    """Give the catalogue that is known now; not to be changed."""
    return _now.catalogue


def advance() -> None:
    """Ask for the catalogue if the server has another one; show what has come."""
    if not connection.is_connected():
        _now.asked = None
    else:
        client = connection.client()
        revision = client.catalogue_revision
        if revision not in (None, _now.catalogue.revision, _now.asked):
            _now.asked = revision
            client.request("operations.list", {}, _answered)
    if not _now.is_shown and _now.show:
        _now.is_shown = _now.show()


def take(told: object) -> None:
    """Take over a catalogue; it is shown by the next `advance`."""
    _now.catalogue, _now.is_shown = Catalogue.of(told), False


def follow(show: Callable[[], bool] | None) -> None:
    """Let `show` bring what the user sees up to the catalogue, from now on and at once."""
    _now.show = show
    _now.is_shown = show is None or show()


def _answered(told: dict | None, error: OutboardError | None) -> None:
    if error is not None:
        log.warning("The operations could not be listed: %s", error)
        return
    take(told)
    # What was wrong with the operations of before may be mended in these.
    jobs.forget_errors()
    _remember(told)


def _objects(told: object) -> list[dict[str, Any]]:
    return [it for it in told if isinstance(it, dict)] if isinstance(told, list) else []


def folder() -> Path | None:
    """Find the folder for what this extension keeps; None where it is not installed as one."""
    try:
        return Path(bpy.utils.extension_path_user(connection.ROOT, create=True))
    except (ValueError, OSError):
        return None


def _remember(told: dict) -> None:
    place = folder()
    if place is None:
        return
    try:
        draft = place / f"{FILE}.draft"
        draft.write_text(json.dumps(told), encoding="utf-8")
        draft.replace(place / FILE)
    except OSError as error:
        log.warning("The operations are not remembered for the next start: %s", error)


def register() -> None:
    """Recall the catalogue of last time, so that its panels are there before the server is."""
    place = folder()
    try:
        take(json.loads((place / FILE).read_text(encoding="utf-8")) if place else {})
    except FileNotFoundError:
        take({})
    except (OSError, ValueError, RecursionError) as error:
        log.warning("The operations of last time cannot be read: %s", error)
        take({})


def unregister() -> None:
    """Forget it all."""
    _now.catalogue, _now.asked, _now.show, _now.is_shown = Catalogue(), None, None, True
