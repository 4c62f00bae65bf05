"""What a target is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from ..scope import Scope

# The arrays of one target by part; a target of one array has the part "".
Parts = Mapping[str, np.ndarray]


@dataclass
class Place:
    """One target of one call: its name, what stands behind the colon, and the outputs for it."""

    target: str
    argument: str = ""
    is_world: bool = False
    # The part of the target -> the output that becomes it.
    outputs: dict[str, str] = field(default_factory=dict)


class Target:
    """Where outputs go. Only `write` changes the scene, and all checks come before it."""

    # Whose objects it changes; None where it makes new ones.
    role: ClassVar[str | None] = None
    # The parts that several outputs can make; empty for a target of one array.
    parts: ClassVar[frozenset[str]] = frozenset()
    has_attributes: ClassVar[bool] = False
    # Whether `@world` means something, whether a name behind a colon does, and whether it must.
    has_space: ClassVar[bool] = False
    takes_name: ClassVar[bool] = False
    needs_name: ClassVar[bool] = False

    def ready(self, scope: Scope, place: Place) -> None:
        """Refuse objects that cannot be changed."""

    def prepare(self, scope: Scope, place: Place, parts: Parts) -> Any:
        """Refuse arrays that do not fit, and make of the others what `write` takes."""
        raise NotImplementedError

    def write(self, scope: Scope, place: Place, prepared: Any) -> str:
        """Change the scene. Returns what was done, in words for the user."""
        raise NotImplementedError
