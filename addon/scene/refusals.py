"""What the server refused, in the words of the panel: the field's title, not its path."""

import json
from collections.abc import Mapping

from ..bridge.errors import OutboardError
from .calls import Call
from .form import BadField, Form
from .subjects import Refused

LONGEST = 40


def explain(
    call: Call, values: Mapping[str, object], error: OutboardError
) -> tuple[str, frozenset[str]]:
    """Make one line of a server's error, and tell the fields that it is about."""
    issues = error.data.get("issues")
    found = []
    for issue in issues if isinstance(issues, list) and call.form else ():
        field = _field(call.form, str(issue.get("path", "")), values)
        if field:
            found.append((*field, issue))
    if not found:
        return str(error), frozenset()
    title, _, issue = found[0]
    wanted, came = str(issue.get("wanted", "something else")), _short(issue.get("came"))
    # A sentence of the author's own stands as it is.
    is_sentence = wanted[:1].isupper()
    line = f"{title}: {wanted}" if is_sentence else f"{title} must be {wanted}"
    return f"{line}, got {came}", frozenset(mark for _, mark, _ in found)


def _field(form: Form, path: str, values: Mapping[str, object]) -> tuple[str, str] | None:
    """Find the field that a path leads to: its title, and what it is marked by."""
    leaf = form.at(path, values)
    if leaf is None:
        return None
    rows = next((it for it in form.lists if it.leaf is leaf), None)
    return (rows and rows.at(path, values)) or (leaf.title, leaf.name)


def fields_of(refused: Refused) -> frozenset[str]:
    """Tell the fields that a refusal is about."""
    return refused.names if isinstance(refused, BadField) else frozenset()


def _short(value: object) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
