"""What the server refused, in the words of the panel: the field's title, not its path."""

import json
from collections.abc import Mapping

from ..bridge.errors import OutboardError
from .calls import Call
from .form import BadField
from .subjects import Refused

LONGEST = 40


def explain(
    call: Call, values: Mapping[str, object], error: OutboardError
) -> tuple[str, frozenset[str]]:
    """Make one line of a server's error, and tell the fields that it is about."""
    issues = error.data.get("issues")
    found = []
    for issue in issues if isinstance(issues, list) and call.form else ():
        leaf = call.form.at(str(issue.get("path", "")), values)
        if leaf:
            found.append((leaf, issue))
    if not found:
        return str(error), frozenset()
    leaf, issue = found[0]
    wanted, came = str(issue.get("wanted", "something else")), _short(issue.get("came"))
    # A sentence of the author's own stands as it is.
    is_sentence = wanted[:1].isupper()
    line = f"{leaf.title}: {wanted}" if is_sentence else f"{leaf.title} must be {wanted}"
    return f"{line}, got {came}", frozenset(leaf.name for leaf, _ in found)


def fields_of(refused: Refused) -> frozenset[str]:
    """Tell the fields that a refusal is about."""
    return refused.names if isinstance(refused, BadField) else frozenset()


def _short(value: object) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
