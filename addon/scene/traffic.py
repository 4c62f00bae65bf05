"""Time spent talking to the server, as against what Blender takes for itself in between."""

import contextlib
import time
from collections.abc import Iterator

_spent = 0.0
_since: float | None = None


@contextlib.contextmanager
def counted() -> Iterator[None]:
    """Count the time within as spent talking to the server."""
    global _spent, _since  # noqa: PLW0603 - there is one timer, and one client
    if _since is not None:
        yield
        return
    _since = time.perf_counter()
    try:
        yield
    finally:
        _spent += time.perf_counter() - _since
        _since = None


def spent() -> float:
    """Seconds spent so far, to be compared with those of a later moment."""
    return _spent + (time.perf_counter() - _since if _since is not None else 0.0)
