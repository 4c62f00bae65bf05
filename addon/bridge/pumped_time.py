"""A clock that stands still while nobody pumps."""

from collections.abc import Callable

# A longer pause between two pumps (a render, a laptop asleep) says nothing about the server.
LONGEST_GAP = 1.0


class PumpedTime:
    """Seconds in which the client could have noticed something.

    Parameters
    ----------
    clock : callable
        Monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.now = 0.0
        self._clock = clock
        self._last = clock()

    def advance(self) -> float:
        """Move on by the time since the last call, or by the longest gap that counts."""
        clock = self._clock()
        self.now += min(max(clock - self._last, 0.0), LONGEST_GAP)
        self._last = clock
        return self.now
