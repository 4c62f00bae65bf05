"""Operations of the catalogue as the panel lists them: with a button, or with why it has none."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpy.props import StringProperty

from . import calls, catalogue, field_names, properties, schema, sources, targets
from .calls import Call
from .subjects import quoted

# Names of operators and properties that the extension itself has.
TAKEN = frozenset(
    {
        *("connect", "disconnect", "cancel_job", "reset_fields", "test_call_server"),
        *("move_cube_random", "search", "opened", "apply_result", "discard_result"),
    }
)

log = logging.getLogger(__package__)


@dataclass(frozen=True)
class Offer:
    """One line of the list."""

    entry: Mapping[str, Any]
    title: str
    category: str
    call: Call | None = None
    # Why it cannot be run, in words.
    why: str = ""


def entries() -> dict[str, Mapping[str, Any]]:
    """Give the catalogue's entries by the names of their operators."""
    found = {entry["name"]: entry for entry in catalogue.current().operations}
    return {f"{name}_operation" if name in TAKEN else name: it for name, it in found.items()}


def make(name: str, entry: Mapping[str, Any]) -> Offer:
    """Make the offer of an entry."""
    title = str(entry.get("title") or field_names.title(name))
    category = str(entry.get("category") or "General")
    try:
        why = _obstacle(entry)
        call = None if why else _call(name, title, category, entry)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError):
        # A server of another version may describe its operations in ways unknown here.
        log.exception("The operation %s cannot be understood", name)
        why, call = "Its description cannot be understood by this version of the extension", None
    return Offer(entry, title, category, call, why)


def _obstacle(entry: Mapping[str, Any]) -> str:
    """Tell what keeps an operation from being run from here; empty if nothing does."""
    if missing := entry.get("missing"):
        return f"Start the server with {' '.join(missing)} to allow what it needs"
    for name, about in entry["inputs"].items():
        source = about.get("source")
        if source is None and not about.get("optional"):
            return f"Its input {quoted(name)} does not say where in the scene it comes from"
        if source is not None and not sources.is_known(source):
            return f"Its input {quoted(name)} comes from {quoted(source)}, which is not known here"
    goes = {name: about.get("target") for name, about in entry["outputs"].items()}
    if not any(goes.values()):
        return "It does not say where in the scene its results go"
    for name, target in goes.items():
        if target and not targets.is_known(target, name):
            return f"Its result {quoted(name)} goes to {quoted(target)}, which is not known here"
    return ""


def _call(name: str, title: str, category: str, entry: Mapping[str, Any]) -> Call:
    """Make the button of an operation."""
    inputs, outputs = entry["inputs"], entry["outputs"]
    read = {it: about["source"] for it, about in inputs.items() if about.get("source")}
    written = {it: about["target"] for it, about in outputs.items() if about.get("target")}
    choices = _choices(read, written)
    form = schema.read(entry["params"], taken={*choices, *_reserved(inputs, outputs)})
    return Call(
        name=name,
        title=title,
        description=str(entry.get("description", "")).rstrip("."),
        icon="PLAY",
        operation=entry["name"],
        sources=read,
        targets=written,
        fields={**choices, **form.fields},
        params=form.params,
        drawn=form.drawn,
        category=category,
        optional=frozenset(it for it, about in inputs.items() if about.get("optional")),
        form=form,
    )


def _reserved(inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> set[str]:
    return {
        *(calls.SECOND, calls.FILE, calls.INSTANCED),
        *(calls.SOURCE + name for name in inputs),
        *(calls.TARGET + name for name in outputs),
    }


def _choices(read: Mapping[str, str], written: Mapping[str, str]) -> dict[str, object]:
    """Make the fields that choose something in the scene."""
    found = {}
    if any(source.startswith("second.") for source in read.values()):
        found[calls.SECOND] = StringProperty(
            name="Second Object", description="The other object that the operation works with"
        )
    if "file" in read.values():
        found[calls.FILE] = properties.file_path(
            name="File", description="The .csv or .npy file with the table"
        )
    if any(target.startswith(("instances", "objects.new")) for target in written.values()):
        found[calls.INSTANCED] = StringProperty(
            name="Instance", description="The object that is shown at each of the points"
        )
    return found
