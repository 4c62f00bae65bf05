"""Registers the operators and property groups that are made of the catalogue."""

import contextlib
import gc
import logging
import time
from collections.abc import Iterator, Mapping
from typing import Any

import bpy

from ..scene import catalogue, jobs, screen
from ..scene.calls import CALLS, Call
from ..scene.mend import mend
from ..scene.offers import Offer, entries, make
from . import operators

# Seconds in one tick; the rest of a long catalogue comes with the next ones.
BUDGET = 0.008

log = logging.getLogger(__package__)

# What the panel lists, by the name of the operator.
listed: dict[str, Offer] = {}
# Operations that are not drawn any more, because their classes go with the next tick: what is on
# the screen must not refer to a class that is gone.
_leaving: set[str] = set()
_classes: dict[str, list[type]] = {}


def follow() -> bool:
    """Bring the classes up to the catalogue; tells whether that is done.

    Only what changed is registered anew. An operation that is running keeps its class, and so its
    fields for F9, until it is done.
    """
    wanted = entries()
    stale = {name for name, offer in listed.items() if wanted.get(name) != offer.entry}
    ready = {name for name in stale if not jobs.unfinished(name)}
    if not bpy.app.background and not ready <= _leaving:
        _leaving.update(ready)
        screen.tag_panels()
        return False
    for name in ready:
        _remove(name)
        _leaving.discard(name)
    with _without_collecting():
        is_done = _add_missing(wanted)
    if is_done:
        screen.tag_panels()
    return is_done and stale == ready


def _add_missing(wanted: Mapping[str, Mapping[str, Any]]) -> bool:
    end = time.perf_counter() + BUDGET
    for name, entry in wanted.items():
        if time.perf_counter() > end and not bpy.app.background:
            return False
        if name not in listed:
            listed[name] = make(name, entry)
            if listed[name].call:
                _add(listed[name].call)
    return True


@contextlib.contextmanager
def _without_collecting() -> Iterator[None]:
    """Let Python look for garbage later: all that is made here stays, and to look takes as long."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def shown() -> list[Offer]:
    """List the operations by category and title."""
    return sorted(listed.values(), key=lambda it: (it.category.lower(), it.title.lower()))


def is_leaving(offer: Offer) -> bool:
    """Tell whether the fields of an operation must not be drawn: they are about to go."""
    return bool(offer.call) and offer.call.name in _leaving


def _add(call: Call) -> None:
    _classes[call.name] = made = []
    try:
        rows = (it.kind for it in call.form.lists)
        for cls in (*rows, group := operators.fields_class(call)):
            bpy.utils.register_class(cls)
            made.append(cls)
        setattr(bpy.types.Scene, f"outboard_{call.name}", bpy.props.PointerProperty(type=group))
        operator = operators.operator_class(call)
        bpy.utils.register_class(operator)
        made.append(operator)
        for scene in _scenes():
            mend(getattr(scene, f"outboard_{call.name}"))
        CALLS[call.name] = call
    except (RuntimeError, TypeError, ValueError):
        # Blender has refused one of the fields; the other operations go on.
        log.exception("The operation %s cannot be shown", call.name)
        offer = listed[call.name]
        _remove(call.name)
        why = "Blender cannot show its fields; the log of Blender has the details"
        listed[call.name] = Offer(offer.entry, offer.title, offer.category, None, why)


def _scenes() -> list[bpy.types.Scene]:
    # While extensions are being enabled at start-up there is no data yet.
    return list(getattr(bpy.data, "scenes", ()))


def _remove(name: str) -> None:
    del listed[name]
    CALLS.pop(name, None)
    if hasattr(bpy.types.Scene, f"outboard_{name}"):
        delattr(bpy.types.Scene, f"outboard_{name}")
    for cls in reversed(_classes.pop(name, [])):
        bpy.utils.unregister_class(cls)


def register() -> None:
    """Register what is known of last time, and follow the catalogue from now on."""
    catalogue.follow(follow)


def unregister() -> None:
    """Take everything back."""
    catalogue.follow(None)
    for name in list(listed):
        _remove(name)
    _leaving.clear()
