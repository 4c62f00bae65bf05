"""Operations of the catalogue as the panel lists them: with a button, or with why it has none."""

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

from . import catalogue, field_names, schema, sources, targets
from .calls import Call
from .choice_fields import choice_fields
from .choices import NAME_OF, SCENE, SOURCE, TARGET
from .subjects import quoted

# Names of operators and properties that the extension itself has.
TAKEN = frozenset(
    {
        *("connect", "disconnect", "cancel_job", "reset_fields", "test_call_server"),
        *("move_cube_random", "search", "opened", "apply_result", "discard_result"),
        *("change_rows", "add_preset", "load_preset", "preset"),
    }
)

log = logging.getLogger(__package__)


class Offer(NamedTuple):
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
    choices = choice_fields(inputs, outputs)
    form = schema.read(entry["params"], name, _reserved(inputs, outputs))
    return Call(
        name=name,
        title=title,
        description=str(entry.get("description", "")).rstrip("."),
        icon="PLAY",
        operation=entry["name"],
        sources={it: about.get("source") or "" for it, about in inputs.items()},
        targets={it: about.get("target") or "" for it, about in outputs.items()},
        fields={**choices.fields, **form.fields},
        params=form.params,
        drawn=form.drawn,
        category=category,
        optional=frozenset(it for it, about in inputs.items() if about.get("optional")),
        form=form,
        choices=choices,
    )


def _reserved(inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> set[str]:
    """List every name that a field about the scene may have, now or for another schema."""
    names = {SOURCE + it for it in inputs} | {TARGET + it for it in outputs}
    return names | {NAME_OF + it for it in names} | SCENE
