"""Which server to try next, when to try again, and what to say when none would have us."""

import random
from collections import deque
from collections.abc import Callable

from .discovery import ServerAddress
from .failure import Failure

LOOK_EVERY = 1.0
FIRST_DELAY, LONGEST_DELAY = 0.25, 10.0


class Search:
    """Rounds of attempts: every known server in turn, then a pause that grows.

    Times are the client's own, see `PumpedTime`.

    Parameters
    ----------
    find : callable
        Returns the servers to try, best first.

    Attributes
    ----------
    retry_at : float
        When the next round begins even if nothing changes.
    """

    def __init__(self, find: Callable[[], list[ServerAddress]]) -> None:
        self.retry_at = 0.0
        self._find = find
        self._look_at = 0.0
        self._tries = 0
        self._tried: list[ServerAddress] | None = None
        self._candidates: deque[ServerAddress] = deque()
        self._failures: list[Failure] = []

    def restart(self, now: float) -> None:
        """Forget all pauses: the user wants a connection now."""
        self._tries = 0
        self._tried = None
        self._look_at = self.retry_at = now

    def succeed(self) -> None:
        """Forget what failed and what was left to try; a server answered."""
        self._candidates.clear()
        self._failures.clear()

    def steady(self) -> None:
        """Start over with the shortest pause: the connection held for a while."""
        self._tries = 0

    def fail(self, why: Failure) -> None:
        """Note why an attempt, or a connection, came to its end."""
        self._failures.append(why)

    def look(self, now: float, *, by_itself: bool) -> bool:
        """Look for servers if it is time, and tell whether a round of attempts begins.

        Parameters
        ----------
        now : float
        by_itself : bool
            False where the last round needs the user: then only a change in what is found, a
            server that came or went, begins another.
        """
        due = by_itself and now >= self.retry_at
        if not due and now < self._look_at:
            return False
        self._look_at = now + LOOK_EVERY
        servers = self._find()
        if not due and servers == self._tried:
            return False
        self._tried = servers
        self._candidates = deque(servers)
        self._failures = []
        return True

    def next_candidate(self) -> ServerAddress | None:
        """Return the next server of the round."""
        return self._candidates.popleft() if self._candidates else None

    def verdict(self, now: float) -> Failure | None:
        """End a round in which nothing worked: set the pause and return the telling reason.

        Returns
        -------
        Failure or None
            None if there was nothing to try.
        """
        self._look_at = now + LOOK_EVERY
        if not self._failures:
            self.retry_at = now + LOOK_EVERY
            return None
        why = next((f for f in self._failures if f.needs_user), self._failures[0])
        # The jitter keeps several Blenders from coming back in step.
        delay = FIRST_DELAY * 2**self._tries * random.uniform(0.8, 1.2)
        self._tries = min(self._tries + 1, 10)
        self.retry_at = now + max(min(delay, LONGEST_DELAY), why.retry_after)
        return why
