"""What a source is."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..scope import Scope


class Source(NamedTuple):
    """Where an input comes from: whose objects it is read from, and how.

    Attributes
    ----------
    role : str
        Who is read, see `scope.ROLES`.
    read : callable
        Takes the scope and what stands behind the name's colon.
    carry : str or None
        How its values go into another space: "points", "directions" or "bounds".
    is_evaluated : bool
        Whether Blender computes it anew at each reading.
    what : str
        What a user calls it.
    """

    role: str
    read: Callable[[Scope, str], np.ndarray]
    carry: str | None = None
    is_evaluated: bool = False
    what: str = ""
