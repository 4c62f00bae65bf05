"""The list of the server's operations: by category, with a search, one of them open at a time."""

import itertools
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

import bpy

from ..scene import catalogue, connection
from ..scene.offers import Offer
from . import generated, wrap
from .panel import OUTBOARD_PT_main, Sidebar, draw_call

NONE_YET = "Connect to a server to see its operations"
NONE_HERE = "The server has no operations"


class OUTBOARD_PT_operations(Sidebar, bpy.types.Panel):
    """All operations of the catalogue, also of one that is only remembered."""

    bl_idname = "OUTBOARD_PT_operations"
    bl_label = "Operations"
    bl_parent_id = OUTBOARD_PT_main.bl_idname

    def draw(self, context: bpy.types.Context) -> None:
        """Draw the list."""
        layout = self.layout
        everything = generated.shown()
        if not everything:
            wrap.label(layout, NONE_HERE if connection.is_connected() else NONE_YET, icon="INFO")
        else:
            layout.prop(context.window_manager, "outboard_search", text="", icon="VIEWZOOM")
        for failure in catalogue.current().failures:
            wrap.label(layout.box(), _told(failure), icon="ERROR")
        found = _found(everything, context.window_manager.outboard_search)
        if everything and not found:
            layout.label(text="Nothing of that name", icon="INFO")
        for category, offers in itertools.groupby(found, key=lambda it: it.category):
            header, body = layout.panel(f"OUTBOARD_PT_category_{category}")
            header.label(text=category)
            if body:
                _draw_category(body, context.scene, offers)


def _draw_category(
    layout: bpy.types.UILayout, scene: bpy.types.Scene, offers: Iterable[Offer]
) -> None:
    for offer in offers:
        if generated.is_leaving(offer):
            is_open = bpy.context.window_manager.outboard_opened == offer.call.name
            layout.label(text=offer.title, icon="DOWNARROW_HLT" if is_open else "RIGHTARROW")
            continue
        if offer.call:
            group = getattr(scene, f"outboard_{offer.call.name}")
            header, body = layout.panel_prop(group, "is_open")
        else:
            name = f"OUTBOARD_PT_offer_{offer.entry['name']}"
            header, body = layout.panel(name, default_closed=True)
            header.active = False
        header.label(text=offer.title)
        if body and offer.call:
            _draw_permissions(body, offer.entry.get("permissions") or {})
            draw_call(body, scene, offer.call)
        elif body:
            wrap.label(body, offer.why, icon="INFO")


def _draw_permissions(layout: bpy.types.UILayout, wanted: dict[str, list[str]]) -> None:
    for kind, verb in (("net", "connects to"), ("read", "reads")):
        if wanted.get(kind):
            wrap.label(layout, f"It {verb} {', '.join(wanted[kind])}", icon="LOCKED")


def _told(failure: dict[str, Any]) -> str:
    """Say where a file that does not load is wrong, and what that means."""
    place = PurePath(str(failure.get("file", failure.get("name", "A file")))).name
    if failure.get("line"):
        place += f":{failure['line']}"
    kept = " (the version before it is still used)" if failure.get("kept") else ""
    return f"{place}: {failure.get('reason', 'it does not load')}{kept}"


def open_only_hit(manager: bpy.types.WindowManager, _context: bpy.types.Context) -> None:
    """Open the operation that a search leaves alone in the list."""
    found = _found(generated.shown(), manager.outboard_search)
    if len(found) == 1 and found[0].call:
        manager.outboard_opened = found[0].call.name


def _found(offers: list[Offer], search: str) -> list[Offer]:
    words = search.lower().split()
    return [it for it in offers if _fits(it, words)]


def _fits(offer: Offer, words: list[str]) -> bool:
    text = f"{offer.title} {offer.entry['name']} {offer.category}".lower()
    return all(word in text for word in words)


CLASSES = (OUTBOARD_PT_operations,)
